// Which fields are newer than a drawing: one that was touched after the drawing was asked for is left out of it, since
// the server did not know of it yet.

const touched = new Map();

/** The server knows this field as it is now. */
export function touch(field) {
  touched.set(field.id, performance.now());
}

/** The server does not know this field as it is, until `touch` says so. */
export function hold(field) {
  touched.set(field.id, Infinity);
}

export function touchedSince(node, moment) {
  return node instanceof Element && (touched.get(node.id) ?? 0) >= moment;
}
