/** The package's own types say that this is its `default` member; what `require` gives is the function. */
declare module 'robots-parser' {
  interface Robot {
    /** Undefined: the URL is not of that host. */
    isAllowed(url: string, product: string): boolean | undefined;
    /** Seconds. */
    getCrawlDelay(product: string): number | undefined;
  }
  function parseRobots(url: string, text: string): Robot;
  export = parseRobots;
}
