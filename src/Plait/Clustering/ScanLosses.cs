using static TorchSharp.torch.nn;

namespace Plait.Clustering;

/// <summary>The losses of SCAN and of the task that comes before it.</summary>
public static class ScanLosses
{
    /// <summary>Each view finds the other view of its image among all views of a batch: NT-Xent.</summary>
    /// <remarks>Chen et al. 2020, <i>A Simple Framework for Contrastive Learning of Visual Representations</i>, equation 1.</remarks>
    /// <param name="one">Embeddings of one view of each image, [rows, width].</param>
    /// <param name="other">Embeddings of another one.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Contrastive(Tensor one, Tensor other, double temperature)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var rows = one.size(0);
        var all = functional.normalize(torch.cat([one, other]), dim: 1);
        var itself = torch.eye(2 * rows, dtype: ScalarType.Bool, device: one.device);
        var likeness = all.mm(all.t()).div(temperature).masked_fill(itself, double.NegativeInfinity);
        var partner = torch.arange(2 * rows, ScalarType.Int64, one.device).add(rows).remainder(2 * rows);
        return functional.cross_entropy(likeness, partner);
    }

    /// <summary>Neighbours belong together, and all clusters are used: minus the log of the dot product, minus weighted entropy.</summary>
    /// <remarks>Van Gansbeke et al. 2020, <i>SCAN: Learning to Classify Images without Labels</i>, equation 2.</remarks>
    /// <param name="anchors">Logits of images, [rows, clusters].</param>
    /// <param name="neighbours">Logits of one neighbour of each.</param>
    /// <param name="entropyWeight">λ: how much spreading over the clusters counts; 5 in the paper.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Clustering(Tensor anchors, Tensor neighbours, double entropyWeight)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(neighbours);
        // The dot product of two distributions, in logarithms, so that confident ones that disagree stay finite.
        var agreement = functional.log_softmax(anchors, 1).add(functional.log_softmax(neighbours, 1)).logsumexp(1);
        var share = anchors.softmax(1).mean([0L]);
        var entropy = share.clamp(min: float.Epsilon).log().mul(share).sum().neg();
        return agreement.mean().neg().sub(entropy.mul(entropyWeight));
    }

    /// <summary>Images that were sure of their cluster keep it in a strong view; every cluster counts alike.</summary>
    /// <remarks>Van Gansbeke et al. 2020, section 2.3: cross-entropy over confident samples, weighted against unequal cluster sizes.</remarks>
    /// <param name="weak">Logits of the images as they are, or of weak views, [rows, clusters]; no gradient goes through them.</param>
    /// <param name="strong">Logits of strong views of the same images.</param>
    /// <param name="confidence">The least probability of a sure answer.</param>
    /// <returns>A scalar; null where no image is sure.</returns>
    public static Tensor? SelfLabelling(Tensor weak, Tensor strong, double confidence)
    {
        ArgumentNullException.ThrowIfNull(weak);
        ArgumentNullException.ThrowIfNull(strong);
        var (probability, label) = weak.detach().softmax(1).max(1);
        var sure = probability.gt(confidence).nonzero().squeeze(1);
        if (sure.numel() == 0)
        {
            return null;
        }

        var labels = label.index_select(0, sure);
        var counts = labels.bincount(null, minlength: weak.size(1)).to(strong);
        var weights = counts.sum().div(counts.clamp(min: 1)).mul(counts.gt(0).to(strong));
        return functional.cross_entropy(strong.index_select(0, sure), labels, weights);
    }
}
