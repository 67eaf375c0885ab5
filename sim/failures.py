"""Why a study could not be finished, told to the reader in Chinese and English."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.replication import Task


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


class ReplicationFailed(StudyFailed):
    """One replication raised an error; the message holds the command that runs it alone."""

    def __init__(self, task: "Task", failure: Failure) -> None:
        self.policy, self.seed, self.replication, self.weeks = task.policy, task.seed, task.replication, task.weeks
        self.file = task.scenario.file
        self.error = failure.error
        self.traceback = failure.traceback
        self.command = (
            f"sim run {self.file} --policy {self.policy} --seed {self.seed} "
            f"--replication {self.replication} --weeks {self.weeks}"
        )
        where_zh = f"{self.file}：方案 {self.policy}，种子 {self.seed}，第 {self.replication} 次重复，{self.weeks} 周"
        where_en = (
            f"{self.file}: policy {self.policy}, seed {self.seed}, replication {self.replication}, {self.weeks} weeks"
        )
        super().__init__(
            f"有一次重复运行失败。\n{where_zh}\n错误：{self.error}\n单独重跑这一次：\n  {self.command}",
            f"A replication failed.\n{where_en}\nError: {self.error}\nTo run it alone:\n  {self.command}",
        )


class OtherCode(StudyFailed):
    """A worker runs other model code than this process: its results belong to another study."""

    def __init__(self, here: str, there: str) -> None:
        super().__init__(
            f"工作进程里的模型代码（{there[:12]}）与本进程（{here[:12]}）不同：多半是运行中改了代码，"
            "或集群上装的是别的版本。"
            "已完成的运行都已保存；请让两边代码一致后再运行同一条命令。",
            f"A worker runs other model code ({there[:12]}) than this process ({here[:12]}): the code was changed while "
            "running, or the cluster has another version. Finished runs are kept; make the code equal and run again.",
        )
