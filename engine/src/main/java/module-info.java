/**
 * A tensor engine in pure Java: tensors, automatic differentiation, SIMD kernels. It depends on
 * nothing but the JDK.
 */
module dev.thumbnet.engine {
  // Not static: on the module path this alone resolves the incubator module, without a flag.
  requires jdk.incubator.vector;

  // Annotations, which only compilers read. Not transitive: javac would demand them of whoever uses
  // this module.
  requires static org.jspecify;

  exports dev.thumbnet.engine;
  exports dev.thumbnet.engine.backend;
  exports dev.thumbnet.engine.backend.problem;
  exports dev.thumbnet.engine.io;
  exports dev.thumbnet.engine.nn;
  exports dev.thumbnet.engine.onnx;
  exports dev.thumbnet.engine.op;
  exports dev.thumbnet.engine.op.trace;
  exports dev.thumbnet.engine.optim;
  exports dev.thumbnet.engine.plan;
}
