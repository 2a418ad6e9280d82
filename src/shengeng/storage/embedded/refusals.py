"""What can keep the embedded server from starting, and what to do about it."""

from shengeng.kernel.errors import Refusal

NOT_HERE = Refusal(
    "no_embedded_server",
    "unavailable",
    en="No embedded PostgreSQL runs on {platform}. Set SHENGENG_DATABASE_URL to a PostgreSQL of yours.",
    zh="内置 PostgreSQL 不支持 {platform}。请将 SHENGENG_DATABASE_URL 指向你自己的 PostgreSQL。",
)
NO_USERADD = Refusal(
    "no_useradd",
    "unavailable",
    en="Started as root, the database runs as the system user {user}, and there is no useradd to make it. "
    "Add that user, start as an ordinary user, or set SHENGENG_DATABASE_URL.",
    zh="以 root 启动时，数据库以系统用户 {user} 运行，但系统没有 useradd 可用来创建它。"
    "请手动创建该用户、改用普通用户启动，或设置 SHENGENG_DATABASE_URL。",
)
USERADD_FAILED = Refusal(
    "useradd_failed",
    "unavailable",
    en="useradd could not make the system user {user}: {why}. Add it by hand or set SHENGENG_DATABASE_URL.",
    zh="useradd 无法创建系统用户 {user}：{why}。请手动创建，或设置 SHENGENG_DATABASE_URL。",
)
FOREIGN_FOLDER = Refusal(
    "foreign_folder",
    "refused",
    en="{folder} belongs to somebody else ({owner}) or is no folder, so no database is kept there. "
    "Name another SHENGENG_HOME.",
    zh="{folder} 属于其他用户（{owner}）或不是文件夹，不能存放数据库。请换一个 SHENGENG_HOME。",
)
NO_FOLDER = Refusal(
    "no_folder",
    "unavailable",
    en="The folder {folder} cannot be made: {why}. Name another SHENGENG_HOME.",
    zh="无法创建文件夹 {folder}：{why}。请换一个 SHENGENG_HOME。",
)
NO_PASSWORD = Refusal(
    "no_password",
    "unavailable",
    en="The database in {folder} exists but its password file {file} is gone. "
    "Put the file back from a backup.",
    zh="{folder} 中的数据库还在，但密码文件 {file} 不见了。请从备份中恢复该文件。",
)
NO_START = Refusal(
    "server_failed",
    "unavailable",
    en="PostgreSQL in {folder} did not {verb}: {why}. The log is {log}.",
    zh="{folder} 中的 PostgreSQL 未能完成 {verb}：{why}。日志见 {log}。",
)
