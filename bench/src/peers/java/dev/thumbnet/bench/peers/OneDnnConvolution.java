package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A convolution by oneDNN with bias and ReLU, on activations and weights in the layouts that it
 * chooses. Their reorders are not timed, as within a network of its own. Its number of threads is
 * OMP_NUM_THREADS. The algorithm is of its choice, too, and always a direct sum: on x86 it no
 * longer has Winograd's.
 */
final class OneDnnConvolution implements Contender {
  private final Conv2dProblem p;
  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final stream stream = new stream(cpu);
  private final convolution_forward primitive;
  private final IntMemoryMap arguments = new IntMemoryMap();
  private final List<memory> inputs = new ArrayList<>();
  private final memory output;
  private final memory result;

  OneDnnConvolution(Workload workload) {
    p = workload.convolution();
    convolution_forward.primitive_desc chosen = describe();
    primitive = new convolution_forward(chosen);
    output = new memory(chosen.dst_desc(), cpu);
    arguments.put(
        dnnl.DNNL_ARG_SRC,
        filled(EngineConvolution.inputs(p), input(p), format_tag.nhwc, chosen.src_desc()));
    arguments.put(
        dnnl.DNNL_ARG_WEIGHTS,
        filled(EngineConvolution.weights(p), weights(p), format_tag.hwio, chosen.weights_desc()));
    arguments.put(
        dnnl.DNNL_ARG_BIAS,
        filled(
            EngineConvolution.biases(p), new long[] {p.k()}, format_tag.x, chosen.weights_desc(1)));
    arguments.put(dnnl.DNNL_ARG_DST, output);
    result = new memory(description(output(p), format_tag.nhwc), cpu);
  }

  static String version() {
    return "oneDNN %d.%d.%d by JavaCPP: layouts of its choice; on x86 it has direct sums only"
        .formatted(dnnl.DNNL_VERSION_MAJOR, dnnl.DNNL_VERSION_MINOR, dnnl.DNNL_VERSION_PATCH);
  }

  private convolution_forward.primitive_desc describe() {
    post_ops relu = new post_ops();
    relu.append_eltwise(dnnl.algorithm.eltwise_relu, 0, 0);
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(relu);
    return new convolution_forward.primitive_desc(
        cpu,
        prop_kind.forward_inference,
        dnnl.algorithm.convolution_auto,
        description(input(p), format_tag.any),
        description(weights(p), format_tag.any),
        description(new long[] {p.k()}, format_tag.any),
        description(output(p), format_tag.any),
        new long[] {p.strideH(), p.strideW()},
        new long[] {p.pad().top(), p.pad().left()},
        new long[] {p.pad().bottom(), p.pad().right()},
        attributes,
        false);
  }

  private static long[] input(Conv2dProblem p) {
    return new long[] {p.n(), p.c(), p.h(), p.w()};
  }

  private static long[] weights(Conv2dProblem p) {
    return new long[] {p.k(), p.c(), p.kh(), p.kw()};
  }

  private static long[] output(Conv2dProblem p) {
    return new long[] {p.n(), p.k(), p.outH(), p.outW()};
  }

  private static memory.desc description(long[] extents, format_tag layout) {
    return new memory.desc(extents, data_type.f32, layout);
  }

  /** Returns elements in the layout wanted. */
  private memory filled(float[] elements, long[] extents, format_tag layout, memory.desc wanted) {
    memory ordered = new memory(wanted, cpu);
    inputs.add(ordered);
    try (memory plain = new memory(description(extents, layout), cpu)) {
      new FloatPointer(plain.get_data_handle()).put(elements);
      new reorder(plain, ordered).execute(stream, plain, ordered);
      stream._wait();
    }
    return ordered;
  }

  @Override
  public String name() {
    return "oneDNN";
  }

  @Override
  public void compute() {
    primitive.execute(stream, arguments);
    stream._wait();
  }

  @Override
  public float[] run() {
    compute();
    try (PointerScope _ = new PointerScope()) {
      new reorder(output, result).execute(stream, output, result);
      stream._wait();
      float[] values = new float[p.outputSize()];
      new FloatPointer(result.get_data_handle()).get(values);
      return values;
    }
  }

  @Override
  public void close() {
    primitive.close();
    output.close();
    result.close();
    inputs.forEach(memory::close);
  }
}
