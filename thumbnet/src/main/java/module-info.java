/** ThumbNet on the engine: networks, losses, training, experiments and the command line. */
module dev.thumbnet {
  requires transitive dev.thumbnet.engine;
  requires transitive java.desktop;
  requires java.logging;

  // Annotations, which only compilers read. Not transitive: javac would demand them of whoever uses
  // this module.
  requires static org.jspecify;

  // For the command line and the reports only; an application that embeds the library has none.
  requires static info.picocli;
  requires static me.tongfei.progressbar;
  requires static org.knowm.xchart;
  requires static tools.jackson.databind;

  exports dev.thumbnet;
  exports dev.thumbnet.data;
  exports dev.thumbnet.data.image;
  exports dev.thumbnet.data.synthetic;
  exports dev.thumbnet.data.transform;
  exports dev.thumbnet.loss;
  exports dev.thumbnet.measure;
  exports dev.thumbnet.method;
  exports dev.thumbnet.method.direct;
  exports dev.thumbnet.method.format;
  exports dev.thumbnet.method.front;
  exports dev.thumbnet.method.information;
  exports dev.thumbnet.method.lowrank;
  exports dev.thumbnet.method.pruning;
  exports dev.thumbnet.method.slimmable;
  exports dev.thumbnet.method.teacher;
  exports dev.thumbnet.method.thumbnet;
  exports dev.thumbnet.method.wavelet;
  exports dev.thumbnet.model;
  exports dev.thumbnet.pipeline;
  exports dev.thumbnet.train;

  uses javax.imageio.spi.ImageReaderSpi;

  opens dev.thumbnet.cli to
      info.picocli,
      tools.jackson.databind;
  opens dev.thumbnet.cli.option to
      info.picocli;
}
