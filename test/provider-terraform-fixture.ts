import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a real Terraform or OpenTofu, where there is one, in a folder of its own. Nothing of the user's configuration is used. */

/** The program: TERRAFORM_BIN, or `terraform` or `tofu` on PATH; undefined when none of them runs. */
export const terraformProgram: string | undefined = [process.env.TERRAFORM_BIN, "terraform", "tofu"].find(
  (program) => program !== undefined && spawnSync(program, ["version"], { env: quiet() }).status === 0,
);

function quiet(): Record<string, string | undefined> {
  return { PATH: process.env.PATH, HOME: tmpdir(), TMPDIR: tmpdir(), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

export interface Ran {
  code: number;
  out: string;
  errors: string;
}

export class TerraformFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), "steward-terraform-"));
  readonly #environment: Record<string, string>;

  /** `settings` is the text of its configuration file, which says where providers are. */
  constructor({ environment = {}, settings = "" }: { environment?: Record<string, string>; settings?: string }) {
    mkdirSync(join(this.path, "work"));
    const file = join(this.path, "terraform.rc");
    writeFileSync(file, settings);
    this.#environment = { TF_CLI_CONFIG_FILE: file, ...environment };
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, "work", name), text);
  }

  read = (name: string): Buffer => readFileSync(join(this.path, "work", name));

  /** Names of the files at the top of the folder. */
  files = (): string[] => readdirSync(join(this.path, "work"));

  /** Runs without input. Resolves whatever its exit code is. `begun` is called with the number of the process. */
  run(
    words: string | readonly string[],
    environment: Record<string, string> = {},
    begun: (pid: number) => void = () => undefined,
  ): Promise<Ran> {
    const options = {
      cwd: join(this.path, "work"),
      env: { ...quiet(), ...this.#environment, ...environment },
      maxBuffer: 256 * 1024 * 1024,
      encoding: "utf8" as const,
    };
    return new Promise((resolve) => {
      const child = execFile(
        terraformProgram!,
        typeof words === "string" ? words.split(" ") : words,
        options,
        (error, out, errors) => {
          resolve({ code: error ? Number(error.code ?? 1) : 0, out, errors });
        },
      );
      begun(child.pid!);
    });
  }

  /** The same, and throws unless it ends with this code. */
  async expect(code: number, words: string | readonly string[], environment?: Record<string, string>): Promise<string> {
    const ran = await this.run(words, environment);
    if (ran.code !== code)
      throw new Error(`terraform ${[words].flat().join(" ")}: ${ran.code}\n${ran.out}\n${ran.errors}`.slice(0, 6000));
    return ran.out;
  }

  remove = (): void => rmSync(this.path, { recursive: true, force: true });
}
