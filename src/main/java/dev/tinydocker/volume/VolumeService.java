package dev.tinydocker.volume;

import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.util.List;

/** Binds and temporary file systems of a container. */
@Service
public class VolumeService {

    /** The mounts as steps, those that others lie in first. Looks at the sources: {@link #prepare} comes before. */
    public List<ShimStep> steps(List<Mount> mounts) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes missing source directories where the mount asks for that.
     *
     * @throws dev.tinydocker.problem.NotFound where a source is missing that must exist
     */
    public void prepare(List<Mount> mounts) {
        throw new UnsupportedOperationException();
    }
}
