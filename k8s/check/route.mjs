// Holds the HTTPRoute that it reads, as JSON, against the schema of the Gateway API. That schema
// lets unknown fields pass: policy.py compares the route with the Ingress field by field.
import { readFileSync } from "node:fs";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1";

const route = JSON.parse(readFileSync(0, "utf8"));
if (route.apiVersion !== HTTPRoute.apiVersion || route.kind !== "HTTPRoute") {
  throw new Error(`not an HTTPRoute of ${HTTPRoute.apiVersion}: ${route.apiVersion} ${route.kind}`);
}
new HTTPRoute(route).validate();

// And the schema would have noticed.
for (const broken of [
  { ...route.spec, parentRefs: [{ nam: "traefik-gateway" }] },
  { ...route.spec, hostnames: "localhost" },
  { ...route.spec, rules: [{ matches: [{ path: { type: "Prefix", value: "/" } }] }] },
]) {
  let noticed = false;
  try {
    new HTTPRoute({ ...route, spec: broken }).validate();
  } catch {
    noticed = true;
  }
  if (!noticed) throw new Error(`the schema of the Gateway API lets this pass: ${JSON.stringify(broken)}`);
}
console.log(`the HTTPRoute holds against the schema of ${HTTPRoute.apiVersion}, and 3 broken ones do not`);
