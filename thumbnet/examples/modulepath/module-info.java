/** An application of one module. The engine asks for the Vector API itself. */
module example.recognise {
  requires dev.thumbnet;
}
