/// <reference lib="dom" />
/** Cancelling with a way back, against a real server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import { PageTest, slowDown, startJob } from './page-test.ts';

const CSV = `Region,Sales\n${'North,1\nSouth,2\n'.repeat(200_000)}`;

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

const stateOf = async (id: string) => (await gatewayClient(pageTest.server.url).getJob({ id })).job?.state;

test('an upload that is cancelled stops at once, and goes on if it is called back', async () => {
  const { page, troubles } = await pageTest.open();
  await slowDown(page, 1_000_000);
  const id = await startJob(page, await pageTest.file('back.csv', CSV));
  await page.getByRole('progressbar').first().waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('back.csv was cancelled.').waitFor();
  await page.getByText('Nothing of the file is sent any more').waitFor();
  expect(await stateOf(id)).toBe(JobState.UPLOADING);
  await page.keyboard.press('Control+z');
  expect(await endedJob(pageTest.server.url, id)).toMatchObject({ state: JobState.SUCCEEDED, total: '600000' });
  expect(troubles).toEqual([]);
  await page.close();
});

test('an upload that is not called back is cancelled, also when the page is left', async () => {
  for (const leave of [false, true]) {
    const { page } = await pageTest.open();
    await slowDown(page, 1_000_000);
    const id = await startJob(page, await pageTest.file(`left-${leave}.csv`, CSV));
    await page.getByRole('progressbar').first().waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('was cancelled.').waitFor();
    if (leave) await page.close({ runBeforeUnload: false });
    else await page.getByRole('button', { name: 'Close message' }).click();
    await expect.poll(() => stateOf(id)).toBe(JobState.CANCELED);
    if (!leave) await page.close();
  }
});

test('the upload of somebody else is asked about', async () => {
  const client = gatewayClient(pageTest.server.url);
  const { job } = await client.createJob({ filename: 'elsewhere.csv', sizeBytes: 100n });
  const { page, troubles } = await pageTest.open({}, `${pageTest.server.url}/#/jobs/${job!.id}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel the upload of elsewhere.csv?' });
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await stateOf(job!.id)).toBe(JobState.UPLOADING);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await stateOf(job!.id)).toBe(JobState.UPLOADING);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await dialog.getByRole('button', { name: 'Cancel the upload' }).click();
  await expect.poll(() => stateOf(job!.id)).toBe(JobState.CANCELED);
  expect(troubles).toEqual([]);
  await page.close();
});
