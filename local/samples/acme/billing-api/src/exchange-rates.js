const base = process.env.EXCHANGE_RATES_URL ?? "http://exchange-rates.internal";

/** The rate between two currencies, as the rates service gives it. */
export async function exchangeRate(from, to) {
  const response = await fetch(`${base}/rates/${from}/${to}`);
  if (!response.ok) throw new Error(`exchange rates: HTTP ${response.status}`);
  const { rate } = await response.json();
  return rate;
}
