"""Why a study could not be finished, told to the reader in Chinese and English."""

from typing import NamedTuple


class StudyFailed(Exception):
    """A study could not be finished; ``text`` tells the reader why, in zh or en."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self._texts = {"zh": zh, "en": en}

    def text(self, lang: str) -> str:
        """The message in ``lang`` ("zh" or "en")."""
        return self._texts[lang]


class Failure(NamedTuple):
    """Why a replication failed; plain text, since not every exception survives the way between processes."""

    error: str
    traceback: str


class OtherCode(StudyFailed):
    """A worker runs other model code than this process: its results belong to another study."""

    def __init__(self, here: str, there: str) -> None:
        super().__init__(
            f"工作进程里的模型代码（{there[:12]}）与本进程（{here[:12]}）不同：多半是运行中改了代码，"
            "或集群上装的是别的版本。"
            "已完成的运行都已保存；请让两边代码一致后再运行同一条命令。",
            f"A worker runs other model code ({there[:12]}) than this process ({here[:12]}): the code was changed "
            "while running, or the cluster has another version. Finished runs are kept; make the code equal and run "
            "the same command again.",
        )
