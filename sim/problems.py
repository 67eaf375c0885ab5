"""Everything that is wrong with what somebody wrote, all at once: place, value, cause, next step, in zh and en."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        file: the file as the reader named it.
        line: its line, None where there is none.
        key: dotted path of the key, empty if the file as a whole is meant.
        written: what was written, None if nothing was.
        zh, en: what is wrong and what was likely meant.
    """

    file: str
    line: int | None
    key: str
    written: str | None
    zh: str
    en: str

    def text(self, lang: str) -> str:
        """One line for a reader."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        written = self.written if self.written is None or len(self.written) <= 60 else self.written[:57] + "…"
        if lang == "zh":
            key = f"{self.key}：" if self.key else ""
            return f"{place}: {key}{self.zh}" + (f"（写的是 {written}）" if written is not None else "")
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {key}{self.en}" + (f" (written: {written})" if written is not None else "")


class Problems(Exception):
    """All problems of one input."""

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.key)))
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return Problems, (self.problems,)

    def text(self, lang: str) -> str:
        """All problems, one a line, after a line with their number."""
        count = len(self.problems)
        head = f"有 {count} 处需要改正：" if lang == "zh" else f"{count} problem{'s' * (count > 1)} to mend:"
        return "\n".join([head, *(problem.text(lang) for problem in self.problems)])
