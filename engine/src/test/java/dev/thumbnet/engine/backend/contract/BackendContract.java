package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.Backend;

/** The whole contract of {@link Backend}, to be implemented by the test class of each backend. */
public interface BackendContract
    extends ConvolutionContract,
        ElementwiseContract,
        NormalizationContract,
        PoolingContract,
        MemoryContract,
        ErrorContract,
        SpecialValueContract,
        DeterminismContract {}
