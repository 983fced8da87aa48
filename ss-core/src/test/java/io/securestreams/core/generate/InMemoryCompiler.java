package io.securestreams.core.generate;

import io.securestreams.core.policy.PolicyDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles a source with every warning being an error, and runs what comes out. No files. */
final class InMemoryCompiler {

  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

  private InMemoryCompiler() {}

  /** What {@code database()} of the class gives. */
  static PolicyDatabase databaseOf(String className, String source) {
    Map<String, byte[]> classes = compile(className, source);
    ClassLoader loader =
        new ClassLoader(PolicyDatabase.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
              throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
          }
        };
    try {
      Object database = loader.loadClass(className).getMethod("database").invoke(null);
      return (PolicyDatabase) database;
    } catch (ReflectiveOperationException notAsPromised) {
      throw new AssertionError(notAsPromised);
    }
  }

  /** The class files by class name. */
  static Map<String, byte[]> compile(String className, String source) {
    Map<String, ByteArrayOutputStream> written = new HashMap<>();
    StringWriter diagnostics = new StringWriter();
    JavaFileManager files =
        new ForwardingJavaFileManager<>(JAVAC.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
              @Override
              public OutputStream openOutputStream() {
                return written.computeIfAbsent(name, n -> new ByteArrayOutputStream());
              }
            };
          }
        };
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("memory:///" + className.replace('.', '/') + ".java"),
            JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options = List.of("-Xlint:all", "-Werror", "-proc:none", "--release", "17");
    boolean compiled = JAVAC.getTask(diagnostics, files, null, options, null, List.of(file)).call();
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!compiled) {
      throw new AssertionError(diagnostics + "\n" + source);
    }
    Map<String, byte[]> classes = new HashMap<>();
    written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }
}
