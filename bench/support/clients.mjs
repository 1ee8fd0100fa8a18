// @ts-check
import { Agent, request } from 'node:http';

/**
 * @typedef {object} Call
 * @property {string} url
 * @property {'GET' | 'POST'} [method]
 * @property {() => unknown} [body]  of each request, sent as JSON
 *
 * @typedef {{ status: number, ms: number }} Answer  status 0: there was none
 */

const TICK_MS = 5;

/**
 * Some clients, each of which asks again when it has been answered: what comes out is the most the system can take.
 *
 * @param {Call} call @param {{ clients: number, seconds: number }} options
 */
export async function patientClients(call, { clients, seconds }) {
  const agent = new Agent({ keepAlive: true });
  const until = performance.now() + seconds * 1_000;
  /** @type {Answer[]} */
  const answers = [];
  const client = async () => {
    while (performance.now() < until) answers.push(await send(agent, call));
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return answers;
}

/**
 * Requests at a steady rate, whether or not the earlier ones have been answered: many clients, who know nothing of
 * each other.
 *
 * @param {Call} call @param {{ perSecond: number, seconds: number }} options
 */
export async function heedlessClients(call, { perSecond, seconds }) {
  const agent = new Agent({ keepAlive: true });
  /** @type {Promise<Answer>[]} */
  const answers = [];
  const since = performance.now();
  const total = Math.round(perSecond * seconds);
  while (answers.length < total) {
    const due = Math.min(total, ((performance.now() - since) / 1_000) * perSecond);
    while (answers.length < due) answers.push(send(agent, call));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
}

/** @param {Agent} agent @param {Call} call @returns {Promise<Answer>} */
function send(agent, { url, method = 'GET', body }) {
  const since = performance.now();
  return new Promise((resolve) => {
    const done = (/** @type {number} */ status) => resolve({ status, ms: performance.now() - since });
    const sent = request(url, { agent, method, headers: body ? { 'content-type': 'application/json' } : {} });
    sent.once('response', (response) => response.once('end', () => done(response.statusCode ?? 0)).resume());
    sent.once('error', () => done(0));
    sent.end(body && JSON.stringify(body()));
  });
}
