import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Fails when something public in an exported package has no Javadoc: a type, a method, or a
 * constructor with parameters. Arguments: source folders that contain a {@code module-info.java}.
 *
 * <p>Javac's own check, {@code -Xdoclint:missing}, also wants a tag for every parameter and record
 * component, which makes long comments rather than good ones.
 */
final class Javadoc {

  private final List<String> missing = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Javadoc check = new Javadoc();
    for (String sources : args) {
      check.module(Path.of(sources));
    }
    if (!check.missing.isEmpty()) {
      check.missing.forEach(System.err::println);
      System.err.println("The public declarations above need a Javadoc comment.");
      System.exit(1);
    }
  }

  private void module(Path sources) throws IOException {
    for (Path folder : exportedFolders(sources)) {
      try (Stream<Path> files = Files.list(folder)) {
        parse(files.filter(file -> file.toString().endsWith(".java")).sorted().toList());
      }
    }
  }

  /** The folders of the packages that the module exports to everybody. */
  private static List<Path> exportedFolders(Path sources) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Parsed parsed : Parsed.of(List.of(sources.resolve("module-info.java")))) {
      parsed.unit().getModule().getDirectives().stream()
          .filter(directive -> directive instanceof ExportsTree)
          .map(directive -> (ExportsTree) directive)
          .filter(exports -> exports.getModuleNames() == null)
          .map(exports -> exports.getPackageName().toString().replace('.', '/'))
          .map(sources::resolve)
          .forEach(folders::add);
    }
    return folders;
  }

  private void parse(List<Path> files) throws IOException {
    for (Parsed parsed : Parsed.of(files)) {
      new Scanner(parsed).scan(parsed.unit(), null);
    }
  }

  /** One source file as a tree, with the access to its comments. */
  private record Parsed(CompilationUnitTree unit, DocTrees trees) {

    static List<Parsed> of(List<Path> files) throws IOException {
      JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
      List<Parsed> parsed = new ArrayList<>();
      try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
        JavacTask task =
            (JavacTask)
                javac.getTask(
                    null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
        DocTrees trees = DocTrees.instance(task);
        task.parse().forEach(unit -> parsed.add(new Parsed(unit, trees)));
      }
      return parsed;
    }
  }

  /** Walks the public types of one file and notes what lacks a comment. */
  private final class Scanner extends TreePathScanner<Void, Void> {
    private final Parsed file;

    Scanner(Parsed file) {
      this.file = file;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      demandComment(type, type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      boolean constructor = method.getName().contentEquals("<init>");
      boolean obvious =
          constructor
              ? method.getParameters().isEmpty() || type.getKind() == Tree.Kind.RECORD
              : isOverride(method);
      if (isPublic(method.getModifiers()) && !obvious) {
        demandComment(
            method, type.getSimpleName() + (constructor ? "" : "." + method.getName()) + "()");
      }
      return null; // what is declared inside a body is not public
    }

    private void demandComment(Tree declaration, String name) {
      if (file.trees().getDocCommentTree(getCurrentPath()) == null) {
        long start = file.trees().getSourcePositions().getStartPosition(file.unit(), declaration);
        long line = file.unit().getLineMap().getLineNumber(start);
        missing.add(file.unit().getSourceFile().getName() + ":" + line + ": " + name);
      }
    }

    /** Members of an interface are public unless they say otherwise. */
    private boolean isPublic(ModifiersTree modifiers) {
      TreePath parent = getCurrentPath().getParentPath();
      boolean implied =
          parent.getLeaf() instanceof ClassTree type
              && (type.getKind() == Tree.Kind.INTERFACE
                  || type.getKind() == Tree.Kind.ANNOTATION_TYPE);
      return implied
          ? !modifiers.getFlags().contains(Modifier.PRIVATE)
          : Stream.of(Modifier.PUBLIC, Modifier.PROTECTED).anyMatch(modifiers.getFlags()::contains);
    }

    private static boolean isOverride(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(
              annotation ->
                  Arrays.asList("Override", "java.lang.Override")
                      .contains(annotation.getAnnotationType().toString()));
    }
  }
}
