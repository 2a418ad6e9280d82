import { createBrowserRouter, Navigate, type LazyRouteFunction, type LoaderFunctionArgs, type RouteObject } from "react-router"
import { loadWords, type Namespace } from "../lib/i18n"
import { ask, queries } from "../lib/queries"
import { AreaPage, MissingPage } from "../pages/area"
import { unbuilt, type Unbuilt } from "./nav"
import { Shell } from "./shell"

type PageModule = { default: React.ComponentType }

/** Code and words of a page arrive together; React.lazy would hold the page back by 300 ms. */
function page(load: () => Promise<PageModule>, ...words: Namespace[]): LazyRouteFunction<RouteObject> {
  return async () => {
    const [module] = await Promise.all([load(), loadWords(...words)])
    return { Component: module.default }
  }
}

function todayLoader({ request }: LoaderFunctionArgs) {
  const team = new URL(request.url).searchParams.get("team") ?? ""
  void queries.prefetchQuery(ask.today(team))
  return null
}

export function makeRouter() {
  const areas = (Object.keys(unbuilt) as Unbuilt[]).map((area) => ({
    path: `/${area}`,
    element: <AreaPage area={area} />,
  }))
  return createBrowserRouter(
    [
      {
        element: <Shell />,
        HydrateFallback: () => null,
        children: [
          { path: "/", element: <Navigate to="/today" replace /> },
          { path: "/today", lazy: page(() => import("../pages/today/page"), "today"), loader: todayLoader },
          { path: "/strategy", lazy: page(() => import("../pages/strategy"), "strategy") },
          { path: "/decisions", lazy: page(() => import("../pages/decisions/queue"), "decisions") },
          { path: "/decisions/allocation", lazy: page(() => import("../pages/decisions/allocation/page"), "allocation", "lifecycle") },
          { path: "/decisions/groups/:id", lazy: page(() => import("../pages/decisions/group"), "decisions") },
          { path: "/customers", lazy: page(() => import("../pages/customers/list"), "customers", "lifecycle") },
          { path: "/customers/audiences", lazy: page(() => import("../pages/customers/audiences/list"), "audiences", "lifecycle") },
          { path: "/customers/audiences/new", lazy: page(() => import("../pages/customers/audiences/edit"), "audiences", "lifecycle") },
          { path: "/customers/audiences/:id", lazy: page(() => import("../pages/customers/audiences/one"), "audiences", "lifecycle") },
          { path: "/customers/audiences/:id/edit", lazy: page(() => import("../pages/customers/audiences/edit"), "audiences", "lifecycle") },
          { path: "/customers/economics", lazy: page(() => import("../pages/customers/economics/page"), "economics", "lifecycle") },
          { path: "/customers/lifecycle", lazy: page(() => import("../pages/customers/lifecycle/page"), "lifecycle") },
          { path: "/customers/personas", lazy: page(() => import("../pages/customers/personas/page"), "personas") },
          { path: "/customers/members", lazy: page(() => import("../pages/customers/members/list"), "members") },
          { path: "/customers/members/:id", lazy: page(() => import("../pages/customers/members/one"), "members", "privacy", "orders") },
          { path: "/customers/:id", lazy: page(() => import("../pages/customers/one"), "customers", "decisions", "lifecycle", "personas", "privacy", "identity") },
          { path: "/shop/products", lazy: page(() => import("../pages/shop/products/page"), "catalogue", "sheets") },
          { path: "/shop/promotions", lazy: page(() => import("../pages/shop/promotions/page"), "pricing") },
          { path: "/shop/coupons", lazy: page(() => import("../pages/shop/coupons/page"), "pricing") },
          { path: "/shop/orders", lazy: page(() => import("../pages/shop/orders/list"), "orders") },
          { path: "/shop/orders/:id", lazy: page(() => import("../pages/shop/orders/one"), "orders") },
          { path: "/supply", lazy: page(() => import("../pages/supply/list"), "supply") },
          { path: "/supply/stock", lazy: page(() => import("../pages/supply/stock/page"), "stock", "sheets") },
          { path: "/supply/:id", lazy: page(() => import("../pages/supply/product"), "supply", "decisions") },
          { path: "/shop/payments", lazy: page(() => import("../pages/shop/payments/page"), "payments") },
          { path: "/shop/prices", lazy: page(() => import("../pages/shop/prices/page"), "setup", "pricing") },
          { path: "/shop/setup", lazy: page(() => import("../pages/shop/setup/page"), "setup") },
          { path: "/data", lazy: page(() => import("../pages/data/page"), "data") },
          { path: "/data/exports", lazy: page(() => import("../pages/data/exports/page"), "exports", "data") },
          { path: "/data/events", lazy: page(() => import("../pages/data/events/page"), "events") },
          { path: "/data/privacy", lazy: page(() => import("../pages/data/privacy/page"), "privacy") },
          { path: "/data/imports/:id", lazy: page(() => import("../pages/data/rejects"), "data") },
          { path: "/settings", lazy: page(() => import("../pages/settings/page"), "settings") },
          ...areas,
          { path: "*", element: <MissingPage /> },
        ],
      },
    ],
    { basename: "/console" },
  )
}
