"""Sections of the strategy that face customers: users, content, technology, channels."""

from __future__ import annotations

from shengeng.console.strategy_words import Capability, Section

USERS = Section(
    "users",
    ("用户分层运营", "User operations by layer"),
    (
        Capability(
            "U1",
            ("行为与订单接入", "Behaviour and order data in"),
            (
                "事件接口、身份识别、各平台连接器，重复导入不产生重复",
                "Event API, identity, connectors, idempotent re-import",
            ),
            "working",
            "/data/events",
            (
                "文件与各平台导出可导入；行为与订单实时进入，不丢不重；多设备归为一人，依据可查、可撤销",
                "Files and exports; behaviour and orders live, once each; devices become one person",
            ),
            measures="identified",
        ),
        Capability(
            "U2",
            ("场景画像", "Scene personas"),
            (
                "从购买时刻、搭配与文字中看出场景与情感需求，附成员强度与依据",
                "Scenes and needs from when, with what and in which words people buy, with the evidence",
            ),
            "partly",
            "/customers/personas",
            (
                "从当地时间 × 购物篮学出场景，有评价时也听评价；成员强度精确拆到类目、购物篮与原句",
                "Scenes from local time x basket, and reviews where there are any; weights add up to both",
            ),
        ),
        Capability(
            "U3",
            ("人群圈选", "Audiences"),
            (
                "覆盖行为、金额、时刻、顺序与画像的圈选语言，实时人数",
                "A segment language with live counts and members",
            ),
            "working",
            "/customers/audiences",
            (
                "逐条搭建或写 JSON，边改边数；每位成员附依据，进出记为事实；口述生成尚未建成",
                "Built by clicking or as JSON with a live count; members with evidence; not yet from words",
            ),
        ),
        Capability(
            "U4",
            ("生命周期", "Lifecycle"),
            (
                "新客、老客、高价值、流失风险与沉睡，由价值与节律计算",
                "Stages from value and timing, with transitions",
            ),
            "working",
            "/customers/lifecycle",
            (
                "阶段 × 层级、界线可编辑并先预览，变化记为事实并按时段对账",
                "Stage x tier, boundaries edited with a preview, changes recorded and balanced",
            ),
        ),
        Capability(
            "U5",
            ("新客", "New customers"),
            ("首单转化与信任：新人专属礼、一对一引导、试用装", "First-order conversion and trust"),
        ),
        Capability(
            "U6",
            ("老客", "Existing customers"),
            (
                "复购、客单与需求发现：搭配、凑单、会员权益、场景触达",
                "Repurchase, order value and need discovery",
            ),
            "partly",
            "/decisions?play=repeat_reminder",
            (
                "复购提醒、搭配与召回每天提出并对照事实；尚无渠道，不会发送",
                "Reminders, complements and win-backs are proposed and checked by facts; nothing is sent yet",
            ),
            measures="repurchase",
        ),
        Capability(
            "U7",
            ("高价值顾客", "High-value customers"),
            ("专属导购、穿搭建议、定制刻字、线下活动邀请", "Personal shopper, made to order, invitations"),
        ),
        Capability(
            "U8",
            ("价值经济账", "Value economics"),
            (
                "各渠道获客成本对照存量顾客价值，下一块钱花在哪里",
                "Acquisition cost against customer value; where the next yuan works best",
            ),
            "partly",
            "/customers/economics",
            (
                "花费导入、获客成本、回本、存量价值、复购与变化分解可用；留住顾客的效果仍是假设",
                "Spend, acquisition cost, payback, repurchase, change; what keeping costs is still assumed",
            ),
            ("获客成本三年上涨 3 倍", "acquisition cost x3 in three years"),
            "basket",
        ),
        Capability(
            "U9",
            ("实证", "Proof"),
            (
                "试验、嵌套对照、CUPED、序贯检验：每次施策的净增量毛利",
                "Experiments and holdouts: incremental margin of every treatment",
            ),
        ),
    ),
)

CONTENT = Section(
    "content",
    ("内容化转型", "Turning to content"),
    (
        Capability(
            "C1",
            ("虚拟展厅", "Virtual showroom"),
            ("走进房间、移动家具、换墙色，一篮下单", "Walk in, move furniture, order the room in one basket"),
        ),
        Capability(
            "C2",
            ("试穿", "Try-on"),
            ("尺码建议与合身概率，版型与材质可见", "Size advice with probability of fit"),
            reported=("退货减少", "fewer returns"),
        ),
        Capability(
            "C3",
            ("话题挑战", "Topic challenge"),
            ("晒图、查重与审核、发券、传播量与归因", "Photos, checks, coupons, spread and attributed sales"),
        ),
        Capability(
            "C4",
            ("可购内容", "Shoppable content"),
            ("图文、短视频、短剧中的商品，内容到订单的归因", "Products in articles, short video and drama"),
            reported=("内容占 GMV 三分之一以上", "content > 1/3 of GMV"),
        ),
        Capability(
            "C5",
            ("直播间", "Live room"),
            ("讲解、互动、福利三段式流程", "Run-of-show in three segments"),
            reported=("自播占直播 GMV 一半以上", "own streams > 1/2 of live GMV"),
        ),
        Capability(
            "C6",
            ("直播复盘", "Live review"),
            (
                "各环节停留、互动与转化，下场再验证",
                "Dwell, interaction and conversion per segment, tested next time",
            ),
        ),
        Capability(
            "C7",
            ("私域承接", "Private-domain hand-off"),
            (
                "从直播间到企业微信与社群，追踪到复购",
                "From the live room to WeCom and groups, tracked to repurchase",
            ),
        ),
        Capability(
            "C8",
            ("商品文案", "Product copy"),
            ("依据商品事实与场景、合规的个性化描述", "Grounded, lawful, personalised descriptions"),
            reported=("详情页转化提升", "higher detail-page conversion"),
        ),
        Capability(
            "C9",
            ("虚拟主播", "Virtual host"),
            ("把流程变成有依据的口播与字幕", "A run-of-show as a spoken, captioned script"),
        ),
        Capability(
            "C10",
            ("共创", "Co-creation"),
            ("顾客选择配方与选项，对比复购", "Customers choose formula and options"),
            reported=("复购约 2 倍", "repurchase about x2"),
        ),
    ),
)

INTELLIGENCE = Section(
    "intelligence",
    ("技术赋能", "Technology"),
    (
        Capability(
            "A1",
            ("推荐", "Recommendation"),
            (
                "行为、偏好与情境（地点、时间、天气），说明理由，顾及库存与毛利",
                "Behaviour, preference and context, with reasons, stock and margin",
            ),
            "partly",
            "/customers",
            (
                "每位顾客的下次购买及理由已有；天气、库存与店面展示尚未建成",
                "Next purchases with reasons per customer; no weather, stock or storefront yet",
            ),
            ("雨天转化约 2 倍", "rainy-day conversion about x2"),
            "reminder_coverage",
        ),
        Capability(
            "A2",
            ("智能客服", "Customer service"),
            (
                "订单、物流、退换与优惠券，须顾客本人确认",
                "Orders, logistics, returns and coupons, by the customer's own consent",
            ),
            reported=("80% 自助解决，20% 转人工", "80% solved, 20% to people"),
        ),
        Capability("A3", ("选品", "Assortment"), ("上新、扩展与下架的依据", "What to list, extend and cut")),
        Capability(
            "A4",
            ("搜索", "Search"),
            ("懂场景的中英文商品搜索", "Chinese and English search that understands scenes"),
        ),
    ),
)

CHANNELS = Section(
    "channels",
    ("全渠道融合", "All channels as one"),
    (
        Capability(
            "O1",
            ("门店即体验中心", "Store as experience centre"),
            ("样机、预约、扫码下单，再送货安装", "Demo units, booking, scan to order"),
        ),
        Capability(
            "O2",
            ("公域到私域", "Public to private"),
            (
                "种草内容与渠道码，追踪到复购的增量",
                "Seeding content and channel codes, incremental to repurchase",
            ),
        ),
        Capability(
            "O3",
            ("私域销售", "Private-domain selling"),
            ("社群、朋友圈深度运营，限量不超卖", "Groups and moments, hard limits, no oversell"),
        ),
        Capability(
            "O4",
            ("顾客之声", "Voice of customer"),
            (
                "愿望聚类、关联金额、变成有结果的决策",
                "Wishes clustered with money at stake, turned into decisions",
            ),
        ),
        Capability(
            "O5",
            ("一个承诺", "One promise"),
            (
                "自提、门店发货、配送与安装，一个守得住的日期",
                "Pick-up, delivery, installation: one date the shop keeps",
            ),
        ),
    ),
)
