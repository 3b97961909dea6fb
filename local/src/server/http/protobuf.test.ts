import { expect, it } from "vitest";
import { parseProtobuf } from "./protobuf.ts";

/** The bytes that kubectl 1.33 sends for `kubectl create configmap cm1 --from-literal=a=b --from-file=bin=…`, but for a shorter file. */
function field(number: number, bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes);
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from("k8s\0"),
    field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
    field(2, raw),
    field(3, ""),
    field(4, ""),
  ]);
}

const metadata = field(
  1,
  Buffer.concat([
    field(1, "cm1"),
    field(2, ""),
    field(3, "default"),
    field(11, Buffer.concat([field(1, "k"), field(2, "v")])),
    field(8, ""),
  ]),
);

it("reads a ConfigMap with text and bytes", () => {
  const data = field(2, Buffer.concat([field(1, "a"), field(2, "b")]));
  const binaryData = field(3, Buffer.concat([field(1, "bin"), field(2, Buffer.from([0xff, 0]))]));
  const immutable = Buffer.from([(4 << 3) | 0, 1]);
  expect(parseProtobuf(envelope("v1", "ConfigMap", Buffer.concat([metadata, data, binaryData, immutable])))).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "cm1", namespace: "default", labels: { k: "v" } },
    data: { a: "b" },
    binaryData: { bin: "/wA=" },
    immutable: true,
  });
});

it.each([
  ["a kind without a table", envelope("batch/v1", "Job", metadata), "no table for batch/v1 Job"],
  ["something else", Buffer.from("hello"), "does not begin"],
  ["half a body", envelope("v1", "ConfigMap", metadata).subarray(0, 20), "ends in the middle"],
])("refuses %s and says what to do", (_what, body, says) => {
  expect(() => parseProtobuf(body)).toThrow(says);
  expect(() => parseProtobuf(body)).toThrow("kubectl apply -f -");
});
