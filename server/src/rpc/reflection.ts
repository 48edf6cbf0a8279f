import {
  create,
  createFileRegistry,
  type DescFile,
  type DescService,
  type FileRegistry,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import * as v1 from '#gen/grpc/reflection/v1/reflection_pb.ts';
import * as v1alpha from '#gen/grpc/reflection/v1alpha/reflection_pb.ts';

type Request = v1.ServerReflectionRequest | v1alpha.ServerReflectionRequest;
/** Both versions have the same messages under two names; what differs is the package. */
type Answer = Exclude<v1.ServerReflectionResponse['messageResponse'], { case: 'fileDescriptorResponse' }> | FilesAnswer;
type FilesAnswer = { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array[] } };

/**
 * gRPC server reflection, in its two versions, over the files of the services. No package for Connect exists, so this
 * implements https://github.com/grpc/grpc/blob/master/doc/server-reflection.md.
 *
 * @param services names of the services to list
 * @param files the files that define them; their imports are found by themselves
 */
export function addReflection(
  add: <S extends DescService>(service: S, implementation: ServiceImpl<S>) => void,
  services: readonly string[],
  files: readonly DescFile[],
): void {
  const reflection = new Reflection(services, files);
  add(v1.ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield create(v1.ServerReflectionResponseSchema, {
          validHost: request.host,
          originalRequest: request,
          messageResponse: reflection.answer(request) as v1.ServerReflectionResponse['messageResponse'],
        });
      }
    },
  });
  add(v1alpha.ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield create(v1alpha.ServerReflectionResponseSchema, {
          validHost: request.host,
          originalRequest: request,
          messageResponse: reflection.answer(request) as v1alpha.ServerReflectionResponse['messageResponse'],
        });
      }
    },
  });
}

class Reflection {
  readonly #services: readonly string[];
  readonly #registry: FileRegistry;
  /** A short question has an answer of many kilobytes, which is made once. */
  readonly #answers = new Map<DescFile, Uint8Array[]>();

  constructor(services: readonly string[], files: readonly DescFile[]) {
    this.#services = services;
    const file = withImports(files).map((each) => each.proto);
    this.#registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  }

  answer({ messageRequest: request }: Request): Answer {
    switch (request.case) {
      case 'listServices':
        return {
          case: 'listServicesResponse',
          value: create(v1.ListServiceResponseSchema, { service: this.#services.map((name) => ({ name })) }),
        };
      case 'fileByFilename':
        return this.#fileAnswer(this.#registry.getFile(request.value), request.value);
      case 'fileContainingSymbol':
        return this.#fileAnswer(this.#fileOf(request.value), request.value);
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = request.value;
        const message = this.#registry.getMessage(containingType);
        const extension = message && this.#registry.getExtensionFor(message, extensionNumber);
        return this.#fileAnswer(extension?.file, `${containingType} [${extensionNumber}]`);
      }
      case 'allExtensionNumbersOfType':
        return this.#extensionNumbers(request.value);
      case undefined:
        return failed(Code.InvalidArgument, 'the request asks for nothing');
    }
  }

  /** The file of a message, enum, service, extension, method, field or enum value. */
  #fileOf(symbol: string): DescFile | undefined {
    const found = this.#registry.get(symbol);
    if (found) return found.file;
    const dot = symbol.lastIndexOf('.');
    const parent = dot < 0 ? undefined : this.#registry.get(symbol.slice(0, dot));
    const name = symbol.slice(dot + 1);
    switch (parent?.kind) {
      case 'service':
        return parent.methods.some((method) => method.name === name) ? parent.file : undefined;
      case 'message':
        return parent.members.some((member) => member.name === name) ? parent.file : undefined;
      case 'enum':
        return parent.values.some((value) => value.name === name) ? parent.file : undefined;
      default:
        return undefined;
    }
  }

  #fileAnswer(file: DescFile | undefined, asked: string): Answer {
    if (!file) return failed(Code.NotFound, `${asked} is unknown here`);
    const known = this.#answers.get(file);
    const fileDescriptorProto =
      known ?? withImports([file]).map((each) => toBinary(FileDescriptorProtoSchema, each.proto));
    this.#answers.set(file, fileDescriptorProto);
    return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
  }

  #extensionNumbers(typeName: string): Answer {
    if (!this.#registry.getMessage(typeName)) return failed(Code.NotFound, `${typeName} is unknown here`);
    const numbers = [...this.#registry]
      .filter((type) => type.kind === 'extension' && type.extendee.typeName === typeName)
      .map((type) => (type.kind === 'extension' ? type.number : 0));
    return {
      case: 'allExtensionNumbersResponse',
      value: create(v1.ExtensionNumberResponseSchema, { baseTypeName: typeName, extensionNumber: numbers }),
    };
  }
}

function failed(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: create(v1.ErrorResponseSchema, { errorCode, errorMessage }) };
}

/** Files with everything that they import, directly and not, each once and after what it imports. */
function withImports(files: readonly DescFile[], all = new Set<DescFile>()): DescFile[] {
  for (const file of files) {
    if (all.has(file)) continue;
    withImports(file.dependencies, all);
    all.add(file);
  }
  return [...all];
}
