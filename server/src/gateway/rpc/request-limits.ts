import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { GatewayService } from '#gen/tallystream/v1/gateway_pb.ts';
import { checkTexts } from '../../process-csv/request-texts.ts';
import { MAX_MESSAGE_BYTES } from '../../rpc/rpc.ts';

/**
 * The largest request of each method in bytes: as many characters as its texts may have, in the longest form that JSON
 * has for them (six bytes each), or the longest lists of ids and of names.
 */
const REQUEST_BYTES: Record<keyof typeof GatewayService.method, number> = {
  // It carries bytes of a file.
  inspectCsv: MAX_MESSAGE_BYTES,
  createJob: 256 * 1024,
  getJob: 4 * 1024,
  listJobs: 64 * 1024,
  // A thousand ids of a hundred characters.
  watchJobs: 128 * 1024,
  cancelJob: 4 * 1024,
  retryJob: 64 * 1024,
  deleteJob: 4 * 1024,
  // Its page token names a department.
  listTotals: 1024 * 1024,
  listRejects: 64 * 1024,
  listSources: 256 * 1024,
};

/** The largest request of a method of the gateway, in bytes. */
export function maxRequestBytes({ localName }: DescMethod): number {
  return REQUEST_BYTES[localName as keyof typeof REQUEST_BYTES];
}

type Method = (request: Message, ...rest: unknown[]) => unknown;

/** The same service, which refuses requests with texts that are too long before it does anything with them. */
export function withTextLimits(service: ServiceImpl<typeof GatewayService>): ServiceImpl<typeof GatewayService> {
  const methods = Object.values(GatewayService.method).map(({ localName, input }) => {
    const method = service[localName as keyof typeof service] as Method;
    const limited: Method = (request, ...rest) => {
      checkTexts(input, request);
      return method(request, ...rest);
    };
    return [localName, limited];
  });
  return Object.fromEntries(methods) as ServiceImpl<typeof GatewayService>;
}
