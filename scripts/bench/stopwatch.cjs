/** What a program takes to construct its resources, from here on, and to synthesize them. */
exports.startStopwatch = () => {
  const processor = process.cpuUsage();
  const started = performance.now();
  return {
    /** Synthesizes, and prints all figures as JSON. */
    synthesize(app) {
      const constructed = performance.now();
      app.synth();
      const ended = performance.now();
      const { user, system } = process.cpuUsage(processor);
      const { maxRSS } = process.resourceUsage();
      console.log(
        JSON.stringify({
          construct: constructed - started,
          synth: ended - constructed,
          processor: (user + system) / 1000,
          mebibytes: maxRSS / 1024,
        }),
      );
    },
  };
};
