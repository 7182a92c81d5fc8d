package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.ErrorContract;
import dev.thumbnet.engine.backend.contract.MemoryContract;
import dev.thumbnet.engine.backend.contract.SpecialValueContract;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;

/** The reference keeps to the contract apart from the numbers, which it defines. */
class ReferenceContractTest implements MemoryContract, ErrorContract, SpecialValueContract {
  private static final Backend REFERENCE = new ReferenceBackend();

  @Override
  public Backend backend() {
    return REFERENCE;
  }

  @Override
  public Backend make(int threads) {
    return new ReferenceBackend();
  }
}
