"""What can keep a backup from being written or brought back, and what to do about it."""

from shengeng.kernel.errors import Refusal

FILE_EXISTS = Refusal(
    "backup_exists",
    "refused",
    en="{file} exists already and is not overwritten: name another file.",
    zh="{file} 已存在，不会被覆盖：请换一个文件名。",
)
NO_FOLDER_FOR = Refusal(
    "no_backup_folder",
    "invalid",
    en="{folder} is no folder that a backup can be written to ({why}).",
    zh="无法把备份写入 {folder}（{why}）。",
)
NO_BACKUP = Refusal(
    "no_backup",
    "not_found",
    en="There is no backup file {file}.",
    zh="没有备份文件 {file}。",
)
NOT_A_BACKUP = Refusal(
    "not_a_backup",
    "invalid",
    en="{file} is no backup of ours ({why}): name a file that `shengeng backup` wrote.",
    zh="{file} 不是本系统的备份（{why}）：请指定由 shengeng backup 写出的文件。",
)
DAMAGED_BACKUP = Refusal(
    "damaged_backup",
    "invalid",
    en="{file} is damaged: {why}. Nothing was restored; use another copy of this backup.",
    zh="{file} 已损坏：{why}。未恢复任何内容；请使用该备份的另一份副本。",
)
NEWER_BACKUP = Refusal(
    "newer_backup",
    "conflict",
    en="{file} was written by version {theirs} and this is {ours}: update this installation first.",
    zh="{file} 由版本 {theirs} 写出，当前版本是 {ours}：请先升级本系统。",
)
HOME_NOT_EMPTY = Refusal(
    "home_not_empty",
    "refused",
    en="{home} is not empty ({found}): a backup is restored into a new, empty home only.",
    zh="{home} 不是空的（{found}）：备份只能恢复到新的空目录。",
)
DATABASE_NOT_EMPTY = Refusal(
    "database_not_empty",
    "refused",
    en="The database of SHENGENG_DATABASE_URL holds tables already ({found}): name an empty one.",
    zh="SHENGENG_DATABASE_URL 指向的数据库中已有数据表（{found}）：请指定一个空数据库。",
)
HALF_RESTORED = Refusal(
    "half_restored",
    "refused",
    en="A restore into {home} did not come to its end: run it again, or name another SHENGENG_HOME.",
    zh="{home} 的恢复没有完成：请重新运行恢复，或换一个 SHENGENG_HOME。",
)
PROGRAM_FAILED = Refusal(
    "backup_program_failed",
    "unavailable",
    en="{program} ended with an error: {why}. Nothing was kept; correct it and run the command again.",
    zh="{program} 运行出错：{why}。未保留任何半成品；请排除原因后重试。",
)
