/** Prints the folder of the JDK that Maven chose, for scripts that start programs on it. */
final class JavaHome {
  public static void main(String[] args) {
    System.out.println(System.getProperty("java.home"));
  }
}
