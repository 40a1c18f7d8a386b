using Plait.Catalogue;

// Its kinds of data sources are found by themselves.
[assembly: PlaitMethods]
