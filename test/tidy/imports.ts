import { posix } from "node:path";
import type { Finding, SourceFile } from "./project.ts";

interface Import {
  /** Relative paths are resolved to `src/…`. */
  target: string;
  typeOnly: boolean;
  line: number;
}

const nouns =
  /^src\/(resource|secret|diagnostic|limits|io|step|mark|schema|canonical|durable|loopback|smtp-url|eml|screen)\.ts$/;
const pure =
  /^src\/(manifest\/.*|plan\/.*|terraform-json\/.*|terraform\/(form|names|provider-schema)\.ts|(diff|drift|graph|guard|state|run|plan|resolve|record|observation)\.ts)$/;
/** The Terraform form is a pure stage that every front door shares; what speaks Terraform's protocol is a face. */
const faces =
  /^src\/(commands\/.*|terraform\/(?!(?:form|names|provider-schema)\.ts).*|cdktf\/.*|(cli|main|index)\.ts)$/;
const worldly =
  /^node:(fs|fs\/promises|net|tls|http|https|http2|dgram|dns|child_process|os|process|timers.*|worker_threads)$/;

/** Import lines of a file, `export … from` and `import()` too. */
export function importsOf({ path, scanned }: SourceFile): Import[] {
  const { code } = scanned;
  return code.flatMap((token, index) => {
    const before = code[index - 1]?.text;
    const dynamic = before === "(" && code[index - 2]?.text === "import";
    if (token.kind !== "string" || (before !== "from" && before !== "import" && !dynamic)) return [];
    const start = code
      .slice(0, index)
      .findLastIndex(({ kind, text }) => kind === "word" && (text === "import" || text === "export"));
    const name = token.text.slice(1, -1);
    const target = name.startsWith(".") ? posix.join(posix.dirname(path), name) : name;
    return [{ target, typeOnly: code[start + 1]?.text === "type", line: token.line }];
  });
}

/** Imports go one way: nouns ← ports ← pure stages ← engine ← faces. */
export function importDirections(file: SourceFile): Finding[] {
  if (!file.path.startsWith("src/")) return [];
  return importsOf(file).flatMap((found) => {
    const because = forbidden(file.path, found);
    return because === undefined
      ? []
      : [{ path: file.path, line: found.line, message: `imports ${found.target}: ${because}` }];
  });
}

function forbidden(path: string, found: Import): string | undefined {
  const { target } = found;
  const ours = target.startsWith("src/");
  if (/^(cdktf|cdktn|constructs)(\/|$)/.test(target) && !path.startsWith("src/cdktf/"))
    return "only src/cdktf may use cdktf; move the code there";
  if (/^@(grpc|bufbuild|msgpack)\//.test(target) && !path.startsWith("src/terraform/wire/"))
    return "only src/terraform/wire may use gRPC, protobuf and msgpack; nobody who has no provider installs them";
  if (path.startsWith("src/cdktf/") && ours && !target.startsWith("src/cdktf/"))
    return "what runs in a CDKTF app shares no code with the command line; write it again there";
  if (faces.test(target) && !faces.test(path))
    return "nothing imports a command or another face; move what is shared into a stage";
  if (path.startsWith("src/simulators/")) {
    return ours && !target.startsWith("src/simulators/")
      ? "simulators share no code with src; write it again there"
      : undefined;
  }
  if (target.startsWith("src/simulators/") && !faces.test(path)) return "only commands start simulators";
  if (nouns.test(path))
    return ours && !nouns.test(target) ? "nouns import only nouns; move the type to a noun" : undefined;
  if (path === "src/connectors/all.ts")
    return target.startsWith("src/connectors/") ? undefined : memberForbidden(path, target);
  if (/^src\/(connectors|backends|sinks|hands)\//.test(path)) return ours ? memberForbidden(path, target) : undefined;
  if (path.startsWith("src/render/")) return renderForbidden(found);
  return pure.test(path) ? pureForbidden(target) : undefined;
}

function memberForbidden(path: string, target: string): string | undefined {
  const [, family, first = ""] = path.split("/");
  const own = path.split("/").length > 3 ? `src/${family}/${first}/` : `src/${family}/`;
  const port = target.startsWith(`src/${family}/`) && target.split("/").length === 3;
  const inside = target.startsWith(own) && (own !== "src/connectors/" || port);
  if (nouns.test(target) || target === "src/manifest/manifest.ts" || port || inside) return undefined;
  return "a connector, backend, sink or hand imports nouns, its port and its own folder; hand it in through the port";
}

function renderForbidden({ target, typeOnly }: Import): string | undefined {
  if (worldly.test(target)) return "rendering does not touch the machine; let the caller hand it in";
  if (!target.startsWith("src/") || nouns.test(target) || target.startsWith("src/render/")) return undefined;
  if (typeOnly && pure.test(target)) return undefined;
  return "rendering imports nouns, and of the pure stages only types (`import type`)";
}

function pureForbidden(target: string): string | undefined {
  if (worldly.test(target)) return "a pure stage does not touch the machine; take a port of io.ts";
  if (/^src\/connectors\/[^/]+\//.test(target)) return "a pure stage knows connectors by their port only";
  if (/^src\/(platform|render|simulators)\//.test(target))
    return "a pure stage imports nouns, ports and pure stages only";
  return undefined;
}

/** A pure stage gets the time and chance handed in. */
export function pureStages({ path, scanned }: SourceFile): Finding[] {
  if (!pure.test(path)) return [];
  const { code } = scanned;
  return code.flatMap(({ text, line }, index) => {
    const call = `${text}${code[index + 1]?.text ?? ""}${code[index + 2]?.text ?? ""}`;
    const today =
      text === "new" &&
      code[index + 1]?.text === "Date" &&
      code[index + 2]?.text === "(" &&
      code[index + 3]?.text === ")";
    if (call !== "Date.now" && call !== "Math.random" && !today) return [];
    return [{ path, line, message: "a pure stage asks no clock and no chance; take `now` as an input" }];
  });
}

/** Only the command line and the platform know the process that we run in. */
export function processAccess({ path, scanned }: SourceFile): Finding[] {
  if (!path.startsWith("src/") || path === "src/cli.ts" || path.startsWith("src/platform/")) return [];
  const { code } = scanned;
  return code.flatMap(({ kind, text, line }, index) => {
    const member = code[index - 1]?.text === "." && code[index - 2]?.text !== "globalThis";
    const used =
      kind === "word" && text === "process" && !member && [".", "?.", "["].includes(code[index + 1]?.text ?? "");
    const imported = kind === "string" && text === '"node:process"';
    return used || imported
      ? [{ path, line, message: "only cli.ts and src/platform touch the process; take it as an input" }]
      : [];
  });
}
