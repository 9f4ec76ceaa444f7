import type { View, World } from "../connector.ts";
import { isSecurityAdmin, type Seen, takesLicense } from "./seen.ts";
import { administratorOf, licenseOf, sameName } from "./settings.ts";

/** Who may be deactivated for a while so that a system user can be set up (VES-08). */

/** The first of `license.borrow_from` who may be parked as far as is known, or why nobody may. */
interface Lender {
  name?: string;
  /** For each who may not, why. */
  because: string[];
}

/** Who that is for one change; a person who works at the console sees the rest. */
export function lenderFor({ system, world }: Pick<View, "system" | "world">, hand: string): Lender {
  const because: string[] = [];
  for (const name of licenseOf(system).borrowFrom) {
    const why = hand === "person" ? whyManaged(world, name) : whyNotLent(system, world, name);
    // The console finds a row only by the name that it has there, in its letter case.
    if (why === undefined) return { name: world.byIdentity("veson_user", name)?.id ?? name, because };
    because.push(`${name} ${why}`);
  }
  return { because };
}

function whyNotLent(system: View["system"], world: World, name: string): string | undefined {
  const user = world.byIdentity("veson_user", name)?.attributes;
  if (!user) return "is not on the Security List";
  const groups = world.objects("veson_group").map(({ attributes }) => attributes);
  return whyManaged(world, name) ?? whyUntouchable(user, groups, administratorOf(system));
}

/** Steward's own system users are never parked, whatever their flags. */
function whyManaged(world: World, name: string): string | undefined {
  const recorded = world.byIdentity("veson_user", name);
  const isOurs = recorded !== undefined && world.recordedById("veson_user", recorded.id) !== undefined;
  return isOurs || world.desiredByIdentity("veson_user", name) ? "is a system user that Steward manages" : undefined;
}

/**
 * Why somebody must not be parked, or would free nothing; undefined when they may. What the list does not show counts as
 * nothing against them here: it is looked at once more right before.
 */
export function whyUntouchable(user: Seen, groups: readonly Seen[], me: string | undefined): string | undefined {
  if (me !== undefined && sameName(user.user_name, me)) return "is the account that Steward works as";
  if (isSecurityAdmin(user, groups) === true) return "is a Security Admin";
  if (user.inactive === true) return "is inactive already";
  if (user.external_access_only === true) return "is a system user: External Access Only";
  return takesLicense(user, groups) === false ? "takes no license" : undefined;
}

/** What nobody has who is parked: whoever has it when it is given back got it from somebody else (VES-08). */
export const keptFlags = ["security_admin", "external_access_only", "authentication_only"] as const;
