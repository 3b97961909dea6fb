import { recordKey, type BatchChange } from "@codybatch/crds";

/** Shows what a search found, took and skipped; a long answer is stored packed. */
export function readAnswerCommand({ metadata: { namespace } }: BatchChange, ref: string, isPacked: boolean): string {
  const key = (name: string): string => name.replaceAll(".", String.raw`\.`);
  const get = `kubectl -n ${namespace} get cm ${ref} -o jsonpath=`;
  return isPacked ? `${get}'{.binaryData.${key(recordKey.resultGz)}}' | base64 -d | gunzip` : `${get}'{.data.${key(recordKey.result)}}'`;
}
