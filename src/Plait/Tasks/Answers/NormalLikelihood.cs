namespace Plait.Tasks.Answers;

/// <summary>Numbers, spread normally around each output by what the outputs leave unexplained.</summary>
internal sealed class NormalLikelihood : OutputLikelihood
{
    private const double LeastShare = 1e-6; // of a target's variance: labels that are explained to the last bit tell no spread

    private readonly Tensor spread; // [channels]

    private NormalLikelihood(Tensor spread) => this.spread = spread;

    /// <summary>The distribution with the spread that outputs leave.</summary>
    /// <param name="outputs">[rows, channels].</param>
    /// <param name="target">As many numbers.</param>
    public static NormalLikelihood Around(Tensor outputs, TaskTarget target)
    {
        using var scope = torch.NewDisposeScope();
        var labels = target.Values.reshape(outputs.shape).to(outputs);
        var factors = target.Factors?.reshape(outputs.shape).to(outputs) ?? torch.ones_like(outputs);
        var total = factors.sum(dim: 0L);
        total = total.add(total.eq(0));
        var mean = labels.mul(factors).sum(dim: 0L).div(total);
        var whole = labels.sub(mean).square().mul(factors).sum(dim: 0L).div(total);
        var left = labels.sub(outputs).square().mul(factors).sum(dim: 0L).div(total);
        var least = torch.where(whole.gt(0), whole, torch.ones_like(whole)).mul(LeastShare);
        return new(left.maximum(least).sqrt().MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Cost(Tensor outputs, Tensor labels) =>
        labels.reshape(outputs.shape).to(outputs).sub(outputs).div(spread.to(outputs)).square().div(2);

    /// <inheritdoc/>
    protected override Tensor Draw(Tensor outputs, torch.Generator generator) =>
        torch.randn(outputs.shape, generator: generator).to(outputs).div(spread.to(outputs));

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Exact(Tensor outputs) =>
        OneByOne(torch.ones_like(outputs).div(spread.to(outputs)));
}
