namespace Plait.Torch;

/// <summary>The steps by which a file is put in its place; tests break off between any two of them.</summary>
internal class DiskSteps
{
    /// <summary>The disk itself.</summary>
    public static DiskSteps Real { get; } = new();

    /// <summary>Makes a new file to write to, locked until it is closed, though it may be renamed.</summary>
    public virtual Stream Create(string path) =>
        new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);

    /// <summary>Renames a file over another.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Brings a folder's entries to the disk.</summary>
    public virtual void FlushFolder(string path) => FileNode.FlushFolder(path);

    /// <summary>Removes a file.</summary>
    public virtual void Delete(string path) => File.Delete(path);
}
