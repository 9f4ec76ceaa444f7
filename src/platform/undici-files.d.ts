/** undici declares no `exports`, so its files may be named; it has no types for them. */
declare module "undici/lib/dispatcher/agent.js" {
  export { Agent as default } from "undici";
}
