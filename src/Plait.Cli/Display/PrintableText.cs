using Plait.Torch;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Plait.Cli.Display;

/// <summary>Text out of files as tables and bars show it; the codes that move the cursor and colour are the library's alone.</summary>
internal sealed class PrintableText : IRenderHook
{
    /// <summary>A text as markup that shows it.</summary>
    public static string Escape(string text) => ForeignText.Visible(text).EscapeMarkup();

    /// <inheritdoc/>
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(renderable => new Shown(renderable));

    /// <summary>Cells that were not escaped are laid out by their true width, and shown all the same.</summary>
    private sealed class Shown(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner
                .Render(options, maxWidth)
                .Select(segment =>
                    segment.IsControlCode || ForeignText.IsVisible(segment.Text)
                        ? segment
                        : new Segment(ForeignText.Visible(segment.Text), segment.Style, segment.Link)
                );
    }
}
