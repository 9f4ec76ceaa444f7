/** What leads on, in the words of Terraform: hints of the engine are written for a manifest and for the command line. */

const words: readonly (readonly [manifest: RegExp, terraform: string])[] = [
  [/lifecycle: \{ adopt: true \}, in code adopt: true/g, "adopt = true"],
  [
    /password: \{ generate: true, deliver_to: SINK:PATH \}/g,
    'password = { generate = true, deliver_to = "SINK:PATH" }',
  ],
  [/password: \{ value: a reference \}/g, "password = { value_wo = a variable, value_wo_version = 1 }"],
  [/\b(take_over|native): true\b/g, "$1 = true"],
  [/\bhand: (api|browser|person)\b/g, 'hand = "$1"'],
  [/console_session: SINK:PATH for \S+ in the manifest/g, 'console_session = "SINK:PATH" in the provider block'],
  [/let Steward forget (it|this one): steward forget \S+/g, "let Terraform forget $1: terraform state rm ADDRESS"],
];

/** The same text, said of a configuration of Terraform. */
export function inHcl(text: string): string {
  return words.reduce((said, [manifest, terraform]) => said.replaceAll(manifest, terraform), text);
}

/** For tests: what is looked for. */
export const manifestWords: readonly RegExp[] = words.map(([manifest]) => manifest);
