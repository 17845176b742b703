/** It comes without types. */
declare module 'pgpass' {
  /** Hands on the first password of the file that fits, or undefined. */
  export default function pgpass(
    place: {
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
    },
    done: (password: string | undefined) => void,
  ): void;
}
