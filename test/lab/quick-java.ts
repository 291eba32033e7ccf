/**
 * Java stops at its first compiler: code runs slower in the long run, and a program starts sooner. The dozen JVMs of a
 * cluster that starts on two cores (Flink's scripts start some of their own) need little more than half the time.
 */
export const QUICK_JAVA_FLAG = "-XX:TieredStopAtLevel=1";
