/** Asks a server all the time whether it is there, in a thread of its own: what else the bench does delays nothing here. */
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const INTERVAL_MS = 50;
const agent = new Agent({ keepAlive: true });
let longestGapMs = 0;
let answeredAt = performance.now();
let isOn = true;

parentPort?.once('message', () => {
  isOn = false;
  parentPort?.postMessage(Math.max(longestGapMs, performance.now() - answeredAt));
  agent.destroy();
});

while (isOn) {
  if (await isHealthy(workerData as string)) {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - answeredAt);
    answeredAt = now;
  }
  await wait(INTERVAL_MS);
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/healthz`, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    });
    request.on('error', () => resolve(false));
  });
}
