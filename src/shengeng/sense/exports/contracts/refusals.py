"""What `exports` refuses, in both languages."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

TOO_LARGE = Refusal(
    "export_too_large",
    "invalid",
    en="{file} goes beyond {limit}, the most that is taken at once: export shorter periods, one by one.",
    zh="{file} 超出一次可接收的 {limit}：请按较短的时间段分批导出和导入。",
)
TOO_MANY = Refusal(
    "too_many_files",
    "invalid",
    en="{count} files were given, {limit} is the most: import them in parts.",
    zh="共 {count} 个文件，上限为 {limit} 个：请分批导入。",
)
TOO_WIDE = Refusal(
    "too_many_columns",
    "invalid",
    en="{file} has {count} columns, {limit} is the most: this is no order list. Delete the columns that are "
    "not needed and try again.",
    zh="{file} 有 {count} 列，上限为 {limit} 列：这不像订单表。请删除不需要的列后重试。",
)
TRAP = Refusal(
    "spreadsheet_unpacks_too_far",
    "invalid",
    en="{file} unpacks to more than {limit}: it was not opened. Save the sheet as CSV and try again.",
    zh="{file} 解压后超过 {limit}，没有打开。请把工作表另存为 CSV 后重试。",
)
NOT_A_TABLE = Refusal(
    "not_a_table",
    "invalid",
    en="{file} is {found}, not a table: give the CSV, TSV, XLSX or JSON that the shop system exports.",
    zh="{file} 是{found_zh}，不是表格：请使用店铺系统导出的 CSV、TSV、XLSX 或 JSON。",
)
LOCKED = Refusal(
    "spreadsheet_unreadable",
    "invalid",
    en="{file} cannot be opened as a spreadsheet ({problem}): take its password away, or save it as CSV.",
    zh="{file} 无法作为表格打开（{problem}）：请去掉密码，或另存为 CSV。",
)
EMPTY = Refusal(
    "empty_export",
    "invalid",
    en="{file} is empty: export it again.",
    zh="{file} 是空文件：请重新导出。",
)
WHICH_ENCODING = Refusal(
    "which_encoding",
    "invalid",
    en="{file} is not UTF-8 and its header does not tell the encoding: choose GB18030 (Chinese) or Latin-1 "
    "(Western European), or save it as UTF-8.",
    zh="{file} 不是 UTF-8，表头也看不出编码：请选择 GB18030（中文）或 Latin-1（西欧），或另存为 UTF-8。",
)
NOT_JSON = Refusal(
    "not_order_json",
    "invalid",
    en="{file} is JSON, but not a list of orders ({problem}): save the answer of the interface as it came.",
    zh="{file} 是 JSON，但不是订单列表（{problem}）：请原样保存订单接口的返回内容。",
)
NO_UPLOAD = Refusal(
    "no_upload",
    "not_found",
    en="There is no upload {id}: uploads are kept for a day. Choose the files again.",
    zh="没有上传 {id}：上传的文件只保留一天。请重新选择文件。",
)
NOTHING_GIVEN = Refusal(
    "no_files",
    "invalid",
    en="No file was given: choose the files that the shop system exported.",
    zh="没有收到文件：请选择店铺系统导出的文件。",
)
NO_FIELD = Refusal(
    "no_such_field",
    "invalid",
    en="{system} {report} has no field {field} for the column {column} (known: {known}).",
    zh="{system} 的 {report} 没有字段 {field}（列 {column}；可选：{known}）。",
)
NO_REPORT = Refusal(
    "no_such_report",
    "invalid",
    en="There is no report {report} of {system}: known are {known}.",
    zh="没有 {system} 的报表 {report}：可选 {known}。",
)
NOT_READY = Refusal(
    "export_not_ready",
    "invalid",
    en="The files cannot be imported yet: {problem}",
    zh="还不能导入：{problem_zh}",
)
NOT_EXPORTS = Refusal(
    "not_recognised",
    "not_found",
    en="{path} is no canonical folder and no export of Shopify, Tmall, Douyin or WooCommerce that is "
    "recognised ({problem}).",
    zh="{path} 既不是标准文件夹，也不是能识别的 Shopify、天猫、抖店或 WooCommerce 导出（{problem}）。",
)
