/** Java stops at its first compiler: code runs slower in the long run, and a program starts sooner. */
export const QUICK_JAVA_FLAG = "-XX:TieredStopAtLevel=1";
