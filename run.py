#!/usr/bin/env python3
"""One entry for everybody: `python3 run.py study | test | lab | check | sim …`. Standard library only.

On first use it makes `.venv` from the hashed requirements.lock; later uses start at once.
"""

import difflib
import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OWN = ROOT / ".venv"
VENV = Path(os.environ.get("SIM_VENV", OWN)).absolute()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKED = ("install", "--require-hashes", "--only-binary", ":all:", "-r")
EXTRAS = "requirements-extras.lock"
HELP = """用法 / usage: python3 run.py COMMAND [options]

  study   运行文章场景，结果写到 results/article/ · run the article's centre, results in results/article/
  lab     打开 JupyterLab 笔记本 · open the notebooks in JupyterLab
  test    安装并运行测试（--slow 加上慢测试） · set up and pass the tests (--slow adds the slow ones)
          test --renew-golden：结果有意改变时重记小研究的数字 · keep new figures when results change on purpose
  check   代码检查 · ruff, mypy, import-linter
  extras  安装附加组件：Dask 集群、parquet 文件 · install the extras: Dask clusters, parquet files
  sim …   其他命令，例如 · any other command, e.g.: python3 run.py sim compare --help
"""


def main(arguments: list[str]) -> int:
    """Run a command; its exit code is ours."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        near = difflib.get_close_matches(command, COMMANDS, 1)
        hint = f"，是不是 {near[0]}？ · did you mean {near[0]}?" if near else ""
        print(f"没有命令 {command} · no such command: {command}{hint}\n\n{HELP}", file=sys.stderr)
        return 2
    problem = set_up() or (add_extras() if command in ("test", "extras") else None)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    return COMMANDS[command](rest)


def study(rest: list[str]) -> int:
    """The article's centre in both worlds."""
    return python("-m", "sim", "compare", "scenarios/article.toml", *rest)


def test(rest: list[str]) -> int:
    """The test suite; with --slow all of it. --renew-golden keeps today's figures of the small study instead."""
    if "--renew-golden" in rest:
        return python("-m", "tests.golden.renew")
    chosen = ["-m", ""] if "--slow" in rest else []
    return python("-m", "pytest", *chosen, *(word for word in rest if word != "--slow"))


def check(rest: list[str]) -> int:
    """Style, types and the direction of imports."""
    worst = 0
    for tool in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]):
        worst = max(worst, python("-m", *tool))
    return max(worst, python("-c", "from importlinter.cli import lint_imports_command as lint; lint()"))


def lab(rest: list[str]) -> int:
    """JupyterLab, in Chinese unless somebody chose otherwise."""
    overrides = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if not overrides.exists():
        overrides.parent.mkdir(parents=True, exist_ok=True)
        settings = {
            "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"},
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        }
        overrides.write_text(json.dumps(settings), encoding="utf-8")
    return python("-m", "jupyterlab", "--notebook-dir", str(ROOT / "notebooks"), *rest)


def extras(rest: list[str]) -> int:
    """The extras are in place by now."""
    print("附加组件已安装 · the extras are installed", file=sys.stderr)
    return 0


def sim(rest: list[str]) -> int:
    """Any command of the kit."""
    return python("-m", "sim", *rest)


COMMANDS = {"study": study, "test": test, "lab": lab, "check": check, "extras": extras, "sim": sim}


def python(*arguments: str) -> int:
    """Run the environment's Python in the project's folder."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT).returncode


def set_up() -> str | None:
    """Make the environment if it is missing, old or unfinished; returns what went wrong."""
    if sys.version_info < (3, 11):  # noqa: UP036 - run.py is started by whatever Python the reader has
        found = ".".join(map(str, sys.version_info[:3]))
        return f"需要 Python 3.11 或更新版本，现在是 {found} · Python 3.11 or newer is needed, this is {found}"
    stamp = VENV / "set-up.sha256"
    if stamp.exists() and stamp.read_text() == wanted():
        return None
    if VENV != OWN and VENV.is_dir() and not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
        return f"{VENV} 里有别的文件，请换一个 SIM_VENV · {VENV} holds other files; choose another SIM_VENV"
    print("首次准备环境，约一分钟 … · setting up, about a minute …", file=sys.stderr, flush=True)
    steps = [[*LOCKED, "requirements.lock"], ["install", "--no-deps", "--no-build-isolation", "-e", "."]]
    try:
        stamp.unlink(missing_ok=True)
        if not healthy():  # a working environment is kept: its Python may be running a study just now
            venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"无法建立 {VENV.name}：{error} · cannot make {VENV.name}: {error}"
    return installed(steps, stamp, wanted())


def add_extras() -> str | None:
    """What only a cluster or a very large sweep needs; returns what went wrong."""
    stamp = VENV / "extras.sha256"
    if stamp.exists() and stamp.read_text() == wanted(EXTRAS):
        return None
    print("准备附加组件 … · setting up the extras …", file=sys.stderr, flush=True)
    return installed([[*LOCKED, EXTRAS]], stamp, wanted(EXTRAS))


def installed(steps: list[list[str]], stamp: Path, made_from: str) -> str | None:
    """Run pip's steps and write the stamp last, so that a broken set-up is done again; returns what went wrong."""
    for step in steps:
        if python("-m", "pip", "--disable-pip-version-check", "-q", *step):
            return (
                f"安装没有完成（pip {' '.join(step[:2])}）。检查网络或 pip 镜像设置后，再运行同一条命令即可继续。\n"
                f"The installation did not finish (pip {' '.join(step[:2])}). "
                "Check the network or pip's mirror, then run the same command again."
            )
    stamp.write_text(made_from)
    return None


def healthy() -> bool:
    """Whether the environment's Python starts, is this version, and has pip."""
    version = ".".join(map(str, sys.version_info[:3]))
    ask = "import pip, platform; print(platform.python_version())"
    try:
        answer = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


def wanted(*more: str) -> str:
    """What the environment is made from."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for name in ("requirements.lock", "pyproject.toml", *more):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
