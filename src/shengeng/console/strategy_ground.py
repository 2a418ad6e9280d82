"""Sections of the strategy that carry the shop: supply, sustainability, people, and the ground below."""

from __future__ import annotations

from shengeng.console.strategy_words import Capability, Section

SUPPLY = Section(
    "supply",
    ("供应链升级", "Supply chain"),
    (
        Capability(
            "S1",
            ("需求预测", "Demand forecast"),
            (
                "按商品与地点给出分位数；节日、促销、外部趋势、新品与间歇品",
                "Per product and place with quantiles; holidays, promotions, trends, new items",
            ),
            "partly",
            "/supply",
            (
                "每周分位数与门店预测已有并对照事实；节日、价格与外部趋势尚未纳入",
                "Weekly quantiles per product and store, checked by facts; no holidays, prices or trends yet",
            ),
            ("春节礼盒不断货", "no stock-out of gift boxes at Spring Festival"),
            "supply_coverage",
        ),
        Capability(
            "S2",
            ("补货", "Replenishment"),
            (
                "服务水平、安全库存、提前期不确定与易腐品",
                "Service levels, safety stock, lead times, perishables",
            ),
            "partly",
            "/decisions?play=stock_up",
            (
                "按临界比提出每周备货；提前期与库存余量尚未接入",
                "Weekly stock-ups at a critical ratio; no lead times or stock on hand yet",
            ),
        ),
        Capability(
            "S3",
            ("布局与调拨", "Placement"),
            (
                "热品前置、慢品集中，周转率、滞销率与物流成本前后对照",
                "Hot goods forward, slow goods central; turnover and cost before and after",
            ),
            reported=("物流成本与库存下降", "lower logistics cost and stock"),
        ),
        Capability(
            "S4",
            ("爆款应对", "Surge"),
            ("数小时内发现爆款，分配、加急、收紧承诺", "Catch a product exploding within hours"),
        ),
        Capability(
            "S5",
            ("韧性", "Resilience"),
            ("供应商、线路、仓库中断的推演与替代", "What-if for supplier, route and warehouse loss"),
        ),
        Capability(
            "S6",
            ("反向定制 C2M", "Made to demand (C2M)"),
            ("从浏览与收藏到拼单工厂订单", "From rising wants to pooled factory orders"),
            reported=("销量约为常规款 2 倍", "sales about x2 of the regular item"),
        ),
        Capability(
            "S7",
            ("跨境", "Cross-border"),
            ("线路时效分布、归类、清关效率与税费", "Lanes, classification, clearance, duties"),
            reported=("15 天缩短到 7 天", "15 days -> 7 days"),
        ),
        Capability(
            "S8",
            ("冷链", "Cold chain"),
            ("0 至 4 摄氏度全程监测与凭证", "0-4 C from warehouse to door, with proof"),
            reported=("退货降低三分之一", "returns 1/3 lower"),
        ),
    ),
)

SUSTAINABILITY = Section(
    "sustainability",
    ("可持续发展", "Sustainability"),
    (
        Capability(
            "E1",
            ("绿色配送", "Green delivery"),
            ("结算时可选，按线路计算克二氧化碳当量", "Options at checkout with computed grams CO2e"),
            reported=("每单约 1 千克", "about 1 kg per order"),
        ),
        Capability(
            "E2",
            ("包装", "Packaging"),
            ("每单合适的箱型与材料", "Right-size carton and material"),
            reported=("成本降低 10%", "cost -10%"),
        ),
        Capability(
            "E3",
            ("可持续专区", "Sustainable zone"),
            ("有机、再生材料、碳中性商品，标签有凭证与期限", "Labels with evidence, scope and expiry"),
            reported=("近 70% 的 Z 世代愿意多付", "near 70% of Gen Z would pay more"),
        ),
        Capability(
            "E4",
            ("商品故事", "Product story"),
            ("从哪里来、省下什么，算法一键可见", "Where it comes from and what it saved"),
            reported=("每件衣物 3 千克", "3 kg per garment"),
        ),
        Capability(
            "E5",
            ("以旧换新", "Trade-in"),
            ("旧鞋回收换积分，分级并留痕", "Old-shoe recycling for points, graded and audited"),
        ),
        Capability(
            "E6",
            ("报告", "Reporting"),
            ("排放、废弃物、社会与治理数字一本账", "One ledger of emissions, waste and governance figures"),
        ),
    ),
)

PEOPLE = Section(
    "organisation",
    ("组织与文化", "Organisation and culture"),
    (
        Capability(
            "T1",
            ("围绕用户需求的团队", "Teams around user needs"),
            (
                "跨职能团队、可计量目标、决策效率、变化的精确分解",
                "Cross-functional teams, metered goals, decision speed, exact decomposition",
            ),
            "partly",
            "/today",
            (
                "每项决策归属团队，营收变化精确分解；团队目标与决策效率尚未建成",
                "Every decision has a team and change is decomposed exactly; no goals or speed yet",
            ),
        ),
        Capability(
            "T2",
            ("人才", "People"),
            ("技能矩阵、培训、轮岗与招聘简报", "Skills, training, rotation, hiring briefs"),
        ),
    ),
)

GROUND = Section(
    "ground",
    ("底座（策略之外）", "The ground it stands on (beyond the strategy)"),
    (
        Capability(
            "B1",
            ("商品与价格", "Catalogue and price"),
            ("多卖家、变体、促销叠加与承担方、预售", "Sellers, variants, promotions and who bears them"),
            "working",
            "/shop/products",
            (
                "商品、规格、价格表、促销与优惠券（写明叠加规则与承担方）、现货、预售与定制",
                "Products, variants, price lists, promotions and coupons with stated stacking and bearers; "
                "stock, presale and made to order",
            ),
        ),
        Capability(
            "B2",
            ("结算", "Checkout"),
            ("预占、不超卖、不重单", "Reservations, no oversell, no double order"),
            "working",
            "/shop/orders",
            (
                "幂等下单、限时预占、超时释放、迟到付款有明确结果；订单进入数据湖",
                "Placed once, held for a time, let go after it, late payments decided; told to the lake",
            ),
        ),
        Capability(
            "B3",
            ("资金", "Money"),
            ("支付、退款、发票、积分复式记账", "Payments, refunds, invoices, points"),
            "partly",
            "/shop/payments",
            (
                "沙箱、微信支付与支付宝收款，退款、对账与复式账；发票、积分与储值尚未建成",
                "Sandbox, WeChat Pay and Alipay, refunds, reconciliation, double-entry ledger; no invoices, "
                "points or credit yet",
            ),
        ),
        Capability(
            "B4",
            ("履约与退换", "Fulfilment and returns"),
            ("多仓拆单、发货、自提、安装、退换", "Split, ship, pick up, install, return"),
            "partly",
            "/supply/stock",
            (
                "多仓拆单发货、物流单号与轨迹、自提费率；退货、换货与安装尚未建成",
                "Split shipments from several places, tracking, pickup; no returns or installation yet",
            ),
        ),
        Capability(
            "B5",
            ("店面", "Storefront"),
            ("服务端渲染，快速、无障碍、中英双语", "Server-rendered, fast, accessible, bilingual"),
            "partly",
            None,
            (
                "中英双语店面在自己的端口：目录、搜索、商品、购物车、结算、账户、订单查询；推荐与内容尚未接入",
                "A bilingual shop on a port of its own: aisles, search, goods, basket, checkout, orders; "
                "no recommendations or content in it yet",
            ),
        ),
        Capability(
            "X1",
            ("决策账本", "Decision ledger"),
            (
                "每个动作都是一项决策：成本、增益区间、依据、审批、结果",
                "Every action is one decision with cost, gain, evidence, approval, outcome",
            ),
            "partly",
            "/decisions",
            (
                "顾客与库存共用一本账，结果与校准已有；对照组试验尚未建成",
                "Customers and stock in one ledger with outcomes and calibration; no holdout trials yet",
            ),
        ),
        Capability(
            "X2",
            ("控制台", "Console"),
            (
                "决策优先、依据一步可达、双语、键盘、快",
                "Decisions first, evidence one click away, bilingual, keyboard, fast",
            ),
            "working",
            "/today",
        ),
        Capability(
            "X3",
            ("开放的门", "Open doors"),
            ("OpenAPI、Webhook、供智能体使用的 MCP", "OpenAPI, webhooks, MCP for agents"),
            "partly",
            "/settings?tab=tokens",
            (
                "全部功能经公开 JSON 接口与令牌可用；Webhook 与 MCP 尚未建成",
                "Everything by the public JSON API and tokens; no webhooks or MCP yet",
            ),
        ),
        Capability(
            "X4",
            ("回测", "Backtest"),
            ("在自己导出的数据上先验证，再信任", "Run any engine on your own data before you trust it"),
            "partly",
            None,
            (
                "命令行 shengeng backtest 支持推荐、价值与需求；其余引擎尚未建成",
                "shengeng backtest for recommend, value and demand; other engines do not exist yet",
            ),
        ),
        Capability(
            "X5",
            ("两种规模，一份代码", "Two sizes, one code"),
            ("一台机器即可运行，同一表达式可上 Spark", "One machine by pip, the same expressions on Spark"),
            "partly",
            None,
            ("单机规模可用；Spark 适配尚未建成", "The one-machine size works; Spark is not wired yet"),
        ),
        Capability(
            "X6",
            ("隐私", "Privacy"),
            ("同意、用途、导出与删除，审计", "Consent, purpose, export and erasure, audit"),
            "working",
            "/data/privacy",
            (
                "按用途与渠道记录同意；导出、删除后全库复查；保留期限、查看记录与审计",
                "Consent by purpose and channel; export, erasure searched for again; retention, looks, audit",
            ),
        ),
    ),
)
