import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Prints every configuration option of a Flink distribution, found as the static fields of type ConfigOption
 * of all classes in its jars, one line each: kind, key, class.
 *
 * <p>Kinds: {@code key}, {@code map} (also taken as a prefix: key.anything), {@code old} (a fallback or
 * deprecated name, followed by the current key).
 *
 * <p>Usage: {@code java ListConfigOptions.java FLINK_HOME}
 */
public class ListConfigOptions {
    private static final byte[] MARK = "org/apache/flink/configuration/ConfigOption".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] arguments) throws Exception {
        // Classes print what they like while they are initialized: the listing must not be mixed with it.
        PrintStream out = System.out;
        System.setOut(System.err);
        List<Path> jars = jarsOf(Path.of(arguments[0]));
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        TreeSet<String> lines = new TreeSet<>();
        int unreadable = 0;
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]))) {
            for (Path jar : jars) {
                for (String name : classesThatMentionOptions(jar)) {
                    try {
                        list(Class.forName(name, false, loader), lines);
                    } catch (LinkageError | ReflectiveOperationException | RuntimeException notUsable) {
                        // A class whose libraries are not part of the distribution configures nothing in it.
                        unreadable++;
                    }
                }
            }
        }
        lines.forEach(out::println);
        System.err.println(lines.size() + " options, " + unreadable + " classes could not be loaded");
        if (lines.isEmpty()) {
            System.exit(1);
        }
    }

    private static List<Path> jarsOf(Path home) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String folder : List.of("lib", "opt", "plugins")) {
            try (Stream<Path> files = Files.walk(home.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
            }
        }
        return jars;
    }

    private static List<String> classesThatMentionOptions(Path jar) throws Exception {
        List<String> names = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                String name = entry.getName();
                if (!name.endsWith(".class") || !name.startsWith("org/apache/flink/")) {
                    continue;
                }
                try (InputStream in = file.getInputStream(entry)) {
                    if (contains(in.readAllBytes())) {
                        names.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                    }
                }
            }
        }
        return names;
    }

    private static boolean contains(byte[] bytes) {
        for (int start = 0; start <= bytes.length - MARK.length; start++) {
            int length = 0;
            while (length < MARK.length && bytes[start + length] == MARK[length]) {
                length++;
            }
            if (length == MARK.length) {
                return true;
            }
        }
        return false;
    }

    private static void list(Class<?> owner, TreeSet<String> lines) throws ReflectiveOperationException {
        for (Field field : owner.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())
                    || !field.getType().getName().equals("org.apache.flink.configuration.ConfigOption")) {
                continue;
            }
            field.setAccessible(true);
            Object option = field.get(null);
            if (option == null) {
                continue;
            }
            String kind = isMap(option) ? "map" : "key";
            lines.add(kind + " " + call(option, "key") + " " + owner.getName());
            for (Object fallback : (Iterable<?>) call(option, "fallbackKeys")) {
                lines.add("old " + call(fallback, "getKey") + " " + owner.getName() + " " + call(option, "key"));
            }
        }
    }

    private static boolean isMap(Object option) throws ReflectiveOperationException {
        Method type = option.getClass().getDeclaredMethod("getClazz");
        type.setAccessible(true);
        return java.util.Map.class.isAssignableFrom((Class<?>) type.invoke(option));
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        Method found = target.getClass().getMethod(method);
        found.setAccessible(true);
        return found.invoke(target);
    }
}
