import { expect, test } from "vitest";
import { mail } from "./mail-fixture.ts";
import { Crash } from "./world/crash-disk.ts";
import { TestWorld } from "./world/test-world.ts";

const server = { url: "smtps://mail.acme.example:465", timeoutMs: 30_000 };

test("a world can die before a mail and after it, and the mail server outlives it", async () => {
  const world = new TestWorld();
  for (const [crashAt, arrived] of [
    [1, 0],
    [2, 1],
  ] as const) {
    world.crashAt = crashAt;
    await expect(world.io().mailer.send(mail, server)).rejects.toBeInstanceOf(Crash);
    expect([world.dead, world.outbox.arrived.length]).toEqual([true, arrived]);
    world.restart();
  }
  world.trail = [];
  await world.io().mailer.send(mail, server);
  expect(world.trail).toEqual(["before mail", "after mail"]);
  expect(world.outbox.arrived).toHaveLength(2);
  expect(world.outbox.mails).toEqual([mail]);
});

test("each sending goes as its fault says, and what arrived is what whoever reads it sees", async () => {
  const world = new TestWorld();
  const seen: string[] = [];
  world.outbox.onMail = ({ subject }) => seen.push(subject);
  world.outbox.faults.push("refused", "cut before", undefined, "cut after commit");
  const happened: unknown[] = [];
  for (let index = 0; index < 4; index++) {
    const sending = world.io().mailer.send({ ...mail, subject: String(index) }, server);
    happened.push(await sending.then(() => "sent").catch((error) => error.details.happened));
  }
  expect(happened).toEqual(["no", "unknown", "sent", "unknown"]);
  expect(seen).toEqual(["2", "3"]);
  expect(world.outbox.tries).toBe(4);
});
