/** Templates give text; vendors sum up `value` and want a number. Other properties are as the school wrote them. */
export function withNumericValue(properties: Record<string, unknown>): Record<string, unknown> {
  const { value } = properties;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim())
    ? { ...properties, value: Number(value) }
    : properties;
}
