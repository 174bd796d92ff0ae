import { type z } from 'zod';
import { Problem } from './problem';

/** @throws Problem 422 that names every field at fault, in `errors` and in words */
export function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const words = errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  throw new Problem(422, 'The request is not valid', words, { members: { errors } });
}
