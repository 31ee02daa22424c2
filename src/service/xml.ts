/** Writing XML: just elements and text. */

/** An element; undefined children are left out. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly (Element | string | undefined)[];
}

/** An element with its children. */
export function element(
  name: string,
  ...children: readonly (Element | string | undefined)[]
): Element {
  return { name, children };
}

/** An element as lines of XML 1.0; text stands on the line of its element. */
export function formatElement(element: Element, indent = ""): string {
  const { name, attributes = {}, children = [] } = element;
  const head = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join("");
  const parts = children.filter((child) => child !== undefined);
  if (parts.length === 0) return `${indent}<${name}${head}/>\n`;
  const text = parts.filter((part) => typeof part === "string");
  if (text.length === parts.length) {
    return `${indent}<${name}${head}>${escapeXml(text.join(""))}</${name}>\n`;
  }
  const inner = parts.map((part) =>
    typeof part === "string"
      ? `${indent}  ${escapeXml(part)}\n`
      : formatElement(part, `${indent}  `)
  ).join("");
  return `${indent}<${name}${head}>\n${inner}${indent}</${name}>\n`;
}

/**
 * Text for XML 1.0, also between quotes.
 * @throws {RangeError} For a control character, which XML cannot hold at all.
 */
export function escapeXml(text: string): string {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) {
    throw new RangeError(`XML cannot hold ${JSON.stringify(text)}`);
  }
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
