import type { Api } from "../api.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { objectAnswer } from "../view/answer.ts";
import { present } from "./replace.ts";

/** GET of one object. */
export async function read(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const { json } = present(api, target);
  await api.store.durable();
  return objectAnswer(api, request, target, { code: 200, json });
}
