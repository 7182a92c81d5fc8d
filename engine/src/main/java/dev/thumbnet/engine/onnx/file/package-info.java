/**
 * What an ONNX file says, as records: the wire format of Protocol Buffers and the messages of ONNX.
 * Nothing here knows tensors of the engine. Numbers of tensors stay in the file's bytes until
 * somebody asks for them, and no length is believed before it was compared with what there is: so a
 * file takes no more memory than its own size and a little for each node, whatever it claims.
 */
@NullMarked
package dev.thumbnet.engine.onnx.file;

import org.jspecify.annotations.NullMarked;
