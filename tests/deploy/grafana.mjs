#!/usr/bin/env node
// Checks deploy/observability/grafana-dashboard.json against Grafana's published types: the dashboard, and each panel's options.
// (observability.py checks its queries and whether bodega exports the metrics.)
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, checkNone, finish } from "./support/checks.mjs";
import { root } from "./support/programs.mjs";
import { mistyped, typed } from "./support/typing.mjs";

const dashboard = JSON.parse(readFileSync(join(root, "deploy/observability/grafana-dashboard.json"), "utf8"));
const kPanelTypes = { stat: "StatPanelCfg", timeseries: "TimeSeriesPanelCfg" };
const moduleOf = (panel) => `@grafana/schema/dist/esm/raw/composable/${panel}/panelcfg/x/${kPanelTypes[panel]}_types.gen`;

// JSON has the values of enumerations where TypeScript wants their names, and Grafana fills in omitted options. The last two
// are added by its Prometheus data source to a query and to an annotation.
const kDeclarations = `
import type * as grafana from "@grafana/schema";
${Object.keys(kPanelTypes).map((panel) => `import type * as ${panel} from "${moduleOf(panel)}";`).join("\n")}
type Json<T> = T extends string ? \`\${T}\` : T extends readonly (infer E)[] ? Json<E>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Query = grafana.DataQuery & { expr: string; instant?: boolean; interval?: string; legendFormat?: string; format?: "table" | "time_series" };
type Annotation = Omit<grafana.AnnotationQuery<Query>, "target"> & { target: Query; titleFormat?: string; textFormat?: string; tagKeys?: string };
type Dashboard = Json<Omit<grafana.Dashboard, "annotations">> & { annotations: { list: Json<Annotation>[] } };
`;

function problemsOf({ ...document }) {
    const parts = document.panels.flatMap(({ type, options = {}, fieldConfig, targets }) => [
        typed(options, `Json<Partial<${type}.Options>>`),
        typed(fieldConfig?.defaults?.custom ?? {}, type === "stat" ? "{ [name: string]: never }" : `Json<Partial<${type}.FieldConfig>>`),
        typed(targets, "Json<Query>[]"),
    ]);
    return mistyped([typed(document, "Dashboard"), ...parts], kDeclarations);
}

const kMistakes = {
    "a field that is not there": (d) => (d.timepicking = {}),
    "one of a panel": (d) => (d.panels[0].grid = {}),
    "one of a panel's options": (d) => (d.panels.find(({ type }) => type === "timeseries").options = { tooltips: {} }),
    "one of a query": (d) => (d.panels[0].targets[0].expression = "up"),
    "a value of another type": (d) => (d.panels[0].gridPos.w = "4"),
    "a word that is none of an enumeration's": (d) => (d.panels[0].fieldConfig.defaults.thresholds = { mode: "relative", steps: [] }),
    "an annotation without a query": (d) => delete d.annotations.list[0].target,
};

const [right, ...wrong] = await Promise.all([dashboard, ...Object.values(kMistakes).map((make) => {
    const copy = structuredClone(dashboard);
    make(copy);
    return copy;
})].map(problemsOf));
check("each panel is of a type that is checked", dashboard.panels.every(({ type }) => type in kPanelTypes), dashboard.panels.map(({ type }) => type));
checkNone("Grafana's types take the dashboard", right);
Object.keys(kMistakes).forEach((name, i) => check(`the check would refuse ${name}`, wrong[i].length > 0));
finish();
