"""What `connect` refuses, in both languages."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

NO_FOLDER = Refusal(
    "no_folder",
    "not_found",
    en="There is no folder {path}: give the path of a folder with an orders.csv or orders.parquet, "
    "or the name complete-journey.",
    zh="没有文件夹 {path}：请给出含有 orders.csv 或 orders.parquet 的文件夹路径，或名称 complete-journey。",
)
NO_ORDERS = Refusal(
    "no_orders",
    "invalid",
    en="{path} has no orders.csv and no orders.parquet (found: {found}): "
    "add the order lines and import again.",
    zh="{path} 中没有 orders.csv 或 orders.parquet（实际有：{found}）：请加入订单明细后重新导入。",
)
TWO_FILES = Refusal(
    "two_files",
    "invalid",
    en="{path} has both {first} and {second}: keep the one that is meant.",
    zh="{path} 中同时有 {first} 和 {second}：请只保留需要的一个。",
)
BAD_SHOP_TOML = Refusal(
    "bad_shop_toml",
    "invalid",
    en='shop.toml cannot be read: {problem}. Write lines such as timezone = "Asia/Shanghai".',
    zh='无法读取 shop.toml：{problem}。请写成 timezone = "Asia/Shanghai" 这样的行。',
)
NO_TIMEZONE = Refusal(
    "no_timezone",
    "invalid",
    en='The shop\'s time zone is not given: write timezone = "Asia/Shanghai" into shop.toml, or give it '
    "as an option. It is never guessed, because it decides which day an order belongs to.",
    zh='未给出店铺时区：请在 shop.toml 中写 timezone = "Asia/Shanghai"，或用选项给出。'
    "时区决定订单属于哪一天，从不猜测。",
)
NO_CURRENCY = Refusal(
    "no_currency",
    "invalid",
    en='The shop\'s currency is not given: write currency = "CNY" into shop.toml, or give it as an option.',
    zh='未给出店铺货币：请在 shop.toml 中写 currency = "CNY"，或用选项给出。',
)
WRONG_HEADER = Refusal(
    "wrong_header",
    "invalid",
    en="{file} has no column {missing} (found: {found}): name the columns as the canonical format does and "
    "import again. Nothing was written.",
    zh="{file} 缺少列 {missing}（实际有：{found}）：请按标准格式命名各列后重新导入。未写入任何内容。",
)
REPEATED_COLUMN = Refusal(
    "repeated_column",
    "invalid",
    en="{file} names the column {column} twice: keep one and import again. Nothing was written.",
    zh="{file} 中列名 {column} 出现两次：请保留一个后重新导入。未写入任何内容。",
)
NOT_TEXT = Refusal(
    "not_text",
    "invalid",
    en="{file} is not a CSV text file ({found}): save it as CSV in UTF-8 and import it again.",
    zh="{file} 不是 CSV 文本文件（{found}）：请另存为 UTF-8 编码的 CSV 后重新导入。",
)
NO_HEADER = Refusal(
    "no_header",
    "invalid",
    en="The first line of {file} cannot be read as column names (found: {found}): "
    "correct it and import again.",
    zh="{file} 的第一行无法作为列名读取（实际为：{found}）：请更正后重新导入。",
)
DAMAGED_FILE = Refusal(
    "damaged_file",
    "invalid",
    en="{file} is damaged and cannot be read ({problem}): export it again. Nothing was written.",
    zh="{file} 已损坏，无法读取（{problem}）：请重新导出。未写入任何内容。",
)
OTHER_TIMEZONE = Refusal(
    "other_timezone",
    "conflict",
    en="This shop lives in {kept} and the import says {given}: correct the import's time zone, or use "
    "another SHENGENG_HOME for another shop.",
    zh="本店时区为 {kept}，而本次导入为 {given}：请更正导入的时区；另一家店请使用另一个 SHENGENG_HOME。",
)
OTHER_CURRENCY = Refusal(
    "other_currency",
    "conflict",
    en="This shop keeps its books in {kept} and the import says {given}: correct the import's currency, or "
    "use another SHENGENG_HOME for another shop.",
    zh="本店货币为 {kept}，而本次导入为 {given}：请更正导入的货币；另一家店请使用另一个 SHENGENG_HOME。",
)
DISK_FULL = Refusal(
    "disk_full",
    "unavailable",
    en="The import stopped because the disk refused a write ({problem}): free some space and import again. "
    "What was there before is unchanged.",
    zh="磁盘拒绝写入（{problem}），导入已停止：请清理空间后重新导入。原有内容不变。",
)
NO_IMPORT = Refusal(
    "no_import",
    "not_found",
    en="There is no import {id}: look at the list of imports.",
    zh="没有导入 {id}：请查看导入列表。",
)
INTERRUPTED = Refusal(
    "interrupted",
    "unavailable",
    en="The import was interrupted before it was finished; nothing of it was kept. Import again.",
    zh="导入在完成前被中断，未保留任何内容。请重新导入。",
)
NO_REJECTS = Refusal(
    "no_rejects",
    "not_found",
    en="Import {id} has no rejected rows to download.",
    zh="导入 {id} 没有可下载的未接收行。",
)
NOT_OURS = Refusal(
    "not_a_canonical_file",
    "invalid",
    en="{file} is no file of the canonical format: send {known}, as .csv or .parquet, and shop.toml.",
    zh="{file} 不是标准格式的文件：请上传 {known}（.csv 或 .parquet）以及 shop.toml。",
)
ALREADY_SENT = Refusal(
    "sent_twice",
    "invalid",
    en="{file} was sent twice: keep the one that is meant.",
    zh="{file} 上传了两次：请只保留需要的一个。",
)
