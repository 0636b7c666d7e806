import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

/** A value that goes in the body of a request: a query parameter, or a table of its own. */
export interface BodyPart {
  readonly name: string;
  readonly text: string;
  /** Whether it is the content of an external table. */
  readonly isTable: boolean;
}

export interface MultipartBody {
  readonly contentType: string;
  readonly stream: Readable;
}

/** A multipart/form-data body (RFC 7578). The boundary is random, so no value holds it. */
export function multipartBody(parts: readonly BodyPart[]): MultipartBody {
  const boundary = `tributary-${randomUUID()}`;
  const chunks = parts.map(
    ({ name, text, isTable }) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${isTable ? `; filename="${name}"` : ''}\r\n\r\n${text}\r\n`,
  );
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    stream: Readable.from([Buffer.from([...chunks, `--${boundary}--\r\n`].join(''))], { objectMode: false }),
  };
}
