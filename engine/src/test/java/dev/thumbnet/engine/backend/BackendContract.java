package dev.thumbnet.engine.backend;

/** The whole contract of {@link Backend}, to be implemented by the test class of each backend. */
interface BackendContract
    extends ConvolutionContract,
        ElementwiseContract,
        NormalizationContract,
        PoolingContract,
        MemoryContract,
        ErrorContract,
        SpecialValueContract,
        DeterminismContract {}
