import { z } from "zod";

/** One plain address: no display name, no control characters, a dotted domain, 254 characters at most. */
export const email = z
  .string()
  .max(254, "an email address has at most 254 characters")
  .regex(
    /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]+\.[^\s@<>(),;:"\\[\]\p{Cc}.]+$/u,
    "not an email address",
  );

/** The domain of an address in lower case, or null. */
export const emailDomain = (address: string | null): string | null => {
  const at = address?.lastIndexOf("@") ?? -1;
  return address && at >= 0
    ? address
        .slice(at + 1)
        .trim()
        .toLowerCase() || null
    : null;
};
